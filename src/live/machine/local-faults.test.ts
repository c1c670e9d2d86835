/** Faults of local brokers, over a broker and a disk that only write down what is done to them. */
import { describe, expect, it } from 'vitest'
import { FAULT_KINDS } from '../../plan/faults.ts'
import type { Fault } from '../../plan/faults.ts'
import { LocalFaults } from './local-faults.ts'
import type { LocalBroker } from './local-faults.ts'
import type { LossyDisk, Machine, ManagedProcess, TcpProxy } from './machine.ts'
import { ProxyBoard } from './proxy-board.ts'

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A broker whose every action takes a moment, and is written down. */
class Diary implements LocalBroker {
  readonly did: string[] = []
  readonly stopLimitMs = 5
  readonly disk: LossyDisk
  down = true
  failStart = false
  deaf = false
  private life: ManagedProcess | null = null

  constructor() {
    const act = (what: string) => (): Promise<void> => this.act(what)
    const [cut, replay, freeze, thaw] = ['cut', 'replay', 'freeze', 'thaw'].map(act)
    const none = act('?')
    this.disk = {
      mount: '/m',
      image: '/m.img',
      sync: none,
      copy: () => this.act('copy'),
      remove: none,
      ...{ cut, replay, freeze, thaw },
    } as LossyDisk
  }

  process = (): ManagedProcess | null => this.life
  wipe = (): Promise<void> => this.act('wipe')

  async start(): Promise<void> {
    await this.act('start')
    if (this.failStart) throw new Error('b1 does not start')
    this.down = false
    this.life = this.newLife()
  }

  /** Everything but thaws of what was not frozen. */
  get story(): string {
    return this.did.filter((what) => what !== 'thaw').join(' ')
  }

  act(what: string): Promise<void> {
    this.did.push(what)
    return tick()
  }

  private newLife(): ManagedProcess {
    const isDown = (): boolean => this.down
    const note = (what: string) => (): void => void this.did.push(what)
    const gone = async (what: string): Promise<void> => {
      await this.act(what)
      this.down = true
    }
    return {
      name: 'b1',
      pid: 1,
      logFile: '',
      get ended() {
        return isDown() ? 'gone' : null
      },
      exited: new Promise(() => undefined),
      stdin: null,
      stdout: null,
      kill: () => gone('kill'),
      stop: async () => {
        await gone('stop')
        return !this.deaf
      },
      pause: note('pause'),
      resume: note('resume'),
      tail: () => '',
    }
  }
}

const at = { on: 'b1', atUs: 0, forUs: 1, salt: 1 }
const KILL: Fault = { kind: 'processKill', ...at }
const POWER: Fault = { kind: 'powerLoss', ...at, keep: 'none' }
const PAUSE: Fault = { kind: 'pause', ...at }
const STALL: Fault = { kind: 'diskStall', ...at }
const DEAD_DISK: Fault = { kind: 'forceFails', ...at }

async function setUp() {
  const broker = new Diary()
  await broker.start()
  broker.did.length = 0
  const faults = new LocalFaults({ brokers: new Map([['b1', broker]]), board: null, noDisk: 'no disk', noBoard: 'no board' })
  const begin = (fault: Fault): Promise<void> => faults.begin(fault, (also) => broker.did.push(also ?? 'effect'))
  return { broker, faults, begin, end: (fault: Fault) => faults.end(fault) }
}

describe('a fault', () => {
  const STORIES: readonly (readonly [Fault, string])[] = [
    [KILL, 'kill effect start'],
    [{ kind: 'gracefulRestart', ...at }, 'stop effect start'],
    [PAUSE, 'pause effect resume'],
    [POWER, 'pause effect cut kill kill copy replay start'],
    [{ kind: 'diskLoss', ...at }, 'kill effect wipe start'],
    [DEAD_DISK, 'cut effect kill powerLoss copy replay start'],
    [STALL, 'freeze effect'],
  ]

  it.each(STORIES)('of each kind begins and ends: $kind', async (fault, story) => {
    const { broker, begin, end } = await setUp()
    await begin(fault)
    await end(fault)
    expect(broker.story).toBe(story)
    expect(broker.down).toBe(false)
  })

  it('that should have stopped the broker in good order, and had to kill it, says so', async () => {
    const { broker, begin, end } = await setUp()
    broker.deaf = true
    await begin({ kind: 'gracefulRestart', ...at })
    await end({ kind: 'gracefulRestart', ...at })
    expect(broker.story).toBe('stop effect processKill start')
  })

  it('of a dead disk ends with the loss of power, also where another brings the broker up that had ended by itself', async () => {
    const { broker, begin, end } = await setUp()
    await begin(DEAD_DISK)
    broker.down = true
    await begin(POWER)
    await end(DEAD_DISK)
    await end(POWER)
    expect(broker.story).toBe('cut effect kill powerLoss copy replay start')
  })

  it('of a dead disk is told once, where the power was lost meanwhile', async () => {
    const { broker, begin, end } = await setUp()
    await begin(DEAD_DISK)
    await begin(POWER)
    await end(DEAD_DISK)
    await end(POWER)
    expect(broker.story).toBe('cut effect pause effect kill kill copy replay start')
  })

  it('on nobody, or of a kind that is not ours, does nothing', async () => {
    const { broker, begin, end } = await setUp()
    for (const fault of [
      { ...KILL, on: 'p1' },
      { kind: 'bitCorruption', ...at } as Fault,
      { kind: 'cut', ...at, peer: '*', oneWay: false } as Fault,
    ]) {
      await begin(fault)
      await end(fault)
    }
    expect(broker.story).toBe('')
  })

  it('of what is down has no effect, and its end brings nothing up twice', async () => {
    const { broker, begin, end } = await setUp()
    const again: Fault = { ...KILL, salt: 2 }
    await begin(KILL)
    await begin(again)
    await begin(PAUSE)
    await begin(STALL)
    await begin(DEAD_DISK)
    await end(PAUSE)
    await end(KILL)
    await end(again)
    await end(STALL)
    await end(DEAD_DISK)
    expect(broker.story).toBe('kill effect start')
  })

  it('waits for those before it on the same broker', async () => {
    const { broker, begin, end } = await setUp()
    await Promise.all([begin(KILL), end(KILL), begin(POWER), end(POWER), begin(PAUSE), end(PAUSE)])
    expect(broker.story).toBe('kill effect start pause effect cut kill kill copy replay start pause effect resume')
  })

  it('that ends first brings the broker up, but not without power', async () => {
    const { broker, begin, end } = await setUp()
    await begin(KILL)
    await begin(POWER)
    await end(KILL)
    expect(broker.down).toBe(true)
    await end(POWER)
    expect(broker.story).toBe('kill effect effect cut kill copy replay start')
  })

  it('that ends a process ends a stall before, since nobody dies on a frozen disk', async () => {
    const { broker, begin, end } = await setUp()
    await begin(STALL)
    await begin(KILL)
    expect(broker.did.slice(-3)).toEqual(['thaw', 'kill', 'effect'])
    await end(KILL)
    await end(STALL)
    expect(broker.down).toBe(false)
  })

  it('asks nobody to stop who stands still', async () => {
    const { broker, begin } = await setUp()
    await begin(PAUSE)
    await begin({ kind: 'gracefulRestart', ...at })
    expect(broker.story).toBe('pause effect')
  })
})

describe('when all is over', () => {
  it('the broker is up, whatever still acted', async () => {
    for (const fault of [KILL, POWER, PAUSE, STALL, DEAD_DISK]) {
      const { broker, faults, begin } = await setUp()
      await begin(fault)
      await faults.ready()
      expect(broker.down).toBe(false)
      if (fault === PAUSE) expect(broker.story).toBe('pause effect resume')
    }
  })

  it('one that ended by itself is started', async () => {
    const { broker, faults } = await setUp()
    broker.down = true
    await faults.ready()
    expect(broker.story).toBe('start')
  })

  it('one that does not start is said, and tried again', async () => {
    const { broker, faults, begin, end } = await setUp()
    await begin(KILL)
    broker.failStart = true
    await expect(end(KILL)).rejects.toThrow('b1 does not start')
    await expect(faults.ready()).rejects.toThrow('b1 does not start')
    broker.failStart = false
    await faults.ready()
    expect(broker.down).toBe(false)
  })
})

describe('what can be done', () => {
  it('depends on what there is; every other kind has a reason', async () => {
    const { faults } = await setUp()
    expect([...faults.kinds]).toEqual(['processKill', 'powerLoss', 'gracefulRestart', 'diskLoss', 'pause', 'diskStall', 'forceFails'])
    const none = new LocalFaults({ brokers: new Map(), board: null, noDisk: 'no disk', noBoard: 'no board' })
    expect(none.kinds.size).toBe(0)
    expect([...none.unavailable.keys()].toSorted()).toEqual(FAULT_KINDS.toSorted())
    expect([none.unavailable.get('powerLoss'), none.unavailable.get('cut')]).toEqual(['no disk', 'no board'])
  })
})

describe('the board', () => {
  function boarded() {
    const acted: string[] = []
    let next = 0
    const machine: Pick<Machine, 'proxy'> = {
      proxy: (toPort) => {
        const port = ++next
        const mark = (what: string) => (): void => void acted.push(`${what} ${port}`)
        const proxy: TcpProxy = {
          port,
          cut: (direction, effect) => {
            acted.push(`cut ${direction} ${port}>${toPort}`)
            effect()
            return mark('mend')
          },
          delay: (direction, byMs) => {
            acted.push(`delay ${direction} ${byMs} ${port}>${toPort}`)
            return mark('hurry')
          },
          close: () => Promise.resolve(),
        }
        return Promise.resolve(proxy)
      },
    }
    const board = new ProxyBoard(
      machine,
      new Map([
        ['b1', 90],
        ['b2', 91],
      ]),
    )
    return { acted, board, faults: new LocalFaults({ brokers: new Map(), board, noDisk: '', noBoard: '' }) }
  }
  const cut = (on: string, peer: string, oneWay: boolean): Fault => ({ kind: 'cut', on, peer, oneWay, atUs: 0, forUs: 1, salt: 1 })

  it('has one proxy for each pair', async () => {
    const { board } = boarded()
    expect(await Promise.all([board.portFor('p1', 'b1'), board.portFor('p1', 'b1'), board.portFor('c1', 'b1')])).toEqual([1, 1, 2])
    await expect(board.portFor('p1', 'b9')).rejects.toThrow('no broker is called b9')
  })

  it('cuts the links that are meant, in the direction that is meant, also those to come', async () => {
    const { acted, board, faults } = boarded()
    await board.portFor('p1', 'b1')
    await board.portFor('p1', 'b2')
    let effects = 0
    const faulty = cut('b1', '*', true)
    await faults.begin(faulty, () => effects++)
    await faults.begin(cut('p1', 'b2', true), () => effects++)
    await faults.begin(cut('p1', 'c1', false), () => effects++)
    await board.portFor('c1', 'b1')
    await faults.end(faulty)
    expect(acted).toEqual(['cut responses 1>90', 'cut requests 2>91', 'cut responses 3>90', 'mend 1', 'mend 3'])
    expect(effects).toBe(2)
    await faults.ready()
    expect(acted.at(-1)).toBe('mend 2')
  })

  it('delays what one end says to the other', async () => {
    const { acted, board, faults } = boarded()
    await board.portFor('p1', 'b1')
    await faults.begin({ kind: 'netDelay', on: 'p1', peer: '*', atUs: 0, forUs: 1, salt: 1_950, permille: 5 }, () => undefined)
    expect(acted).toEqual(['delay requests 150 1>90'])
  })
})
