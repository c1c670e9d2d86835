/**
 * A user's own commands as faults, for brokers that mqproof did not start: only they know how theirs is killed and started. They are run
 * through the shell, by the explicit wish of the command line; nothing that comes out of a file gets here.
 */
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { FAULT_KINDS, type Fault, type FaultKind } from '../plan/faults.ts'
import { InputError } from '../plan/input-error.ts'
import { BrokerDown, TargetBroken, type FaultActions } from './target.ts'
import { pause } from './waits.ts'

/** Ends faults after which a process must be started. */
const START = 'start'
/** Ends all others. */
const HEAL = 'heal'
const CRASHES: ReadonlySet<FaultKind> = new Set<FaultKind>(['processKill', 'powerLoss', 'diskLoss'])
/** Over by itself when its command has ended. */
const ENDS_ITSELF: ReadonlySet<FaultKind> = new Set<FaultKind>(['gracefulRestart', 'bitCorruption', 'clockJump', 'clockOffset'])

export interface Hooks {
  /** Fault → the command that begins it. */
  readonly begins: ReadonlyMap<FaultKind, string>
  readonly start: string | undefined
  readonly heal: string | undefined
}

export const NO_HOOKS: Hooks = { begins: new Map(), start: undefined, heal: undefined }

const endOf = (kind: FaultKind): typeof START | typeof HEAL | null => (ENDS_ITSELF.has(kind) ? null : CRASHES.has(kind) ? START : HEAL)

/** Parses `--hook processKill="docker kill mq"` and the like, which arrive without the quotes. */
export function parseHooks(texts: readonly string[]): Hooks {
  const given = new Map<string, string>()
  for (const text of texts) {
    const at = text.indexOf('=')
    const [name, command] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
    if (at < 1 || command === '') throw new InputError(`--hook ${text}: a fault and a command, such as processKill="docker kill mq"`)
    if (given.has(name)) throw new InputError(`--hook ${name}: given twice`)
    given.set(name, command)
  }
  const begins = new Map(
    FAULT_KINDS.flatMap((kind): [FaultKind, string][] => {
      const command = given.get(kind)
      return command === undefined ? [] : [[kind, command]]
    }),
  )
  const strange = [...given.keys()].find((name) => name !== START && name !== HEAL && ![...begins.keys()].some((kind) => kind === name))
  if (strange !== undefined)
    throw new InputError(`--hook ${strange}: no such fault: name one of mqproof list faults, or "${START}" or "${HEAL}"`)
  for (const kind of begins.keys()) {
    const end = endOf(kind)
    if (end !== null && !given.has(end)) throw new InputError(`--hook ${kind}: also say how it ends, by --hook ${end}="COMMAND"`)
  }
  return { begins, start: given.get(START), heal: given.get(HEAL) }
}

/** As they were given, for a manifest. */
export const hooksShown = ({ begins, start, heal }: Hooks): Record<string, string> => ({
  ...Object.fromEntries(begins),
  ...(start === undefined ? {} : { start }),
  ...(heal === undefined ? {} : { heal }),
})

const LIMIT_MS = 60_000
const SHOWN_CHARS = 300

interface Run {
  /** What the command is given for: a fault, "start" or "heal". */
  readonly name: string
  readonly command: string
  readonly fault: Fault
  /**
   * Takes what it says. A file, because a broker that the command leaves behind keeps what it was given: a pipe would hold mqproof up for as
   * long as the broker lives, and break under it afterwards.
   */
  readonly logFile: string
  readonly limitMs?: number
}

/** Runs a command through the shell, in a process group of its own. @throws TargetBroken unless it ends with 0 in time. */
export async function runHook({ name, command, fault, logFile, limitMs = LIMIT_MS }: Run): Promise<void> {
  const about = { MQPROOF_FAULT: fault.kind, MQPROOF_ON: fault.on, MQPROOF_PEER: 'peer' in fault ? fault.peer : '' }
  const from = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
  const log = openSync(logFile, 'a')
  const child = spawn(command, { shell: true, detached: true, stdio: ['ignore', 'ignore', log], env: { ...process.env, ...about } })
  closeSync(log)
  let late = false
  const timer = setTimeout(() => {
    late = true
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }, limitMs)
  const ended = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code === 0 ? '' : `it ended with ${signal ?? `exit code ${code}`}`))
  })
  clearTimeout(timer)
  const what = late ? `it had not ended after ${limitMs / 1000} s` : ended
  if (what === '') return
  const said = readFileSync(logFile).subarray(from).toString().slice(-SHOWN_CHARS).trim()
  throw new TargetBroken(`--hook ${name}="${command}": ${what}${said === '' ? '' : `: ${said}`}`)
}

/** A command that starts a broker has ended long before that broker answers. */
const UP_LIMIT_MS = 60_000
const LOOK_MS = 200

/** @throws BrokerDown when it is not up in a minute */
async function untilUp(ready: () => Promise<void>): Promise<void> {
  const limit = performance.now() + UP_LIMIT_MS
  for (;;) {
    try {
      return await ready()
    } catch (error) {
      if (!(error instanceof BrokerDown) || performance.now() > limit) throw error
    }
    await pause(LOOK_MS)
  }
}

/** Faults of a target, with the user's commands in place of some; what those say is kept in `dir`. */
export function hookedFaults(inner: FaultActions, hooks: Hooks, dir: string, ready: () => Promise<void>): FaultActions {
  if (hooks.begins.size === 0) return inner
  const logFile = join(dir, 'hooks.log')
  const kinds = new Set([...inner.kinds, ...hooks.begins.keys()])
  return {
    kinds,
    unavailable: new Map([...inner.unavailable].filter(([kind]) => !kinds.has(kind))),
    async begin(fault, effect) {
      const command = hooks.begins.get(fault.kind)
      if (command === undefined) return inner.begin(fault, effect)
      inner.elsewhere?.('begin')
      // It strikes at some moment while its command runs, and what follows that moment must not come before the fault in the history.
      effect()
      try {
        await runHook({ name: fault.kind, command, fault, logFile })
      } finally {
        // Nobody will be told of the end of a fault that has none.
        if (!('forUs' in fault)) inner.elsewhere?.('end')
      }
    },
    async end(fault) {
      if (!hooks.begins.has(fault.kind)) return inner.end(fault)
      const name = endOf(fault.kind)
      const command = name === null ? undefined : hooks[name]
      try {
        if (name !== null && command !== undefined) await runHook({ name, command, fault, logFile })
        await untilUp(ready)
      } finally {
        inner.elsewhere?.('end')
      }
    },
  }
}
