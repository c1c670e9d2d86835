/** Where the events are made that a system tells of itself, from within: what no client sees, and a foreign broker's history lacks. */
import type { TxnOutcome } from '../plan/plan.ts'
import type { QueueName } from '../plan/queues.ts'
import type { Us } from '../plan/units.ts'
import { Emitter } from './emitter.ts'
import type { Append, LockTable, Released, UnregisteredWhy } from './event.ts'
import type { Committed } from './groups-log.ts'
import type { Copied } from './replicas.ts'
import type { Cleaned } from './retention.ts'
import type { Acting, Elected, InSync, RoleTaken } from './roles.ts'
import { IMPRINTS } from './imprint.ts'

export class WitnessRecorder extends Emitter {
  append(v: Append['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'append', v }, IMPRINTS['white append'], v, 0)
  }

  force(to: number): void {
    const v = { to }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'force', v }, IMPRINTS['white force'], v, 0)
  }

  dispatch(topic: string, queue: QueueName, offset: number, at: number): void {
    const v = { topic, queue, offset, at }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'dispatch', v }, IMPRINTS['white dispatch'], v, 0)
  }

  recovered(end: number, clean: boolean): void {
    const v = { end, clean }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'recovered', v }, IMPRINTS['white recovered'], v, 0)
  }

  recoveredQueue(topic: string, queue: QueueName, min: number, max: number): void {
    const v = { topic, queue, min, max }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'recoveredQueue', v }, IMPRINTS['white recoveredQueue'], v, 0)
  }

  recoveredIndex(from: number, to: number): void {
    const v = { from, to }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'recoveredIndex', v }, IMPRINTS['white recoveredIndex'], v, 0)
  }

  storedOffset(group: string, topic: string, queue: QueueName, offset: number, durable: boolean): void {
    const v = { group, topic, queue, offset, durable }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'storedOffset', v }, IMPRINTS['white storedOffset'], v, 0)
  }

  leads(broker: string, term: number): void {
    const v = { broker, term }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'leads', v }, IMPRINTS['white leads'], v, 0)
  }

  committed(v: Committed['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'committed', v }, IMPRINTS['white committed'], v, 0)
  }

  ledgerCut(to: number): void {
    const v = { to }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'ledgerCut', v }, IMPRINTS['white ledgerCut'], v, 0)
  }

  endedTxn(message: number, outcome: TxnOutcome): void {
    const v = { message, outcome }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'endedTxn', v }, IMPRINTS['white endedTxn'], v, 0)
  }

  released(v: Released['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'released', v }, IMPRINTS['white released'], v, 0)
  }

  missedSlot(message: number, dueUs: Us, nowUs: Us): void {
    const v = { message, dueUs, nowUs }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'missedSlot', v }, IMPRINTS['white missedSlot'], v, 0)
  }

  discarded(message: number, checks: number): void {
    const v = { message, checks }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'discarded', v }, IMPRINTS['white discarded'], v, 0)
  }

  registered(broker: string, topics: readonly string[]): void {
    const v = { broker, topics }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'registered', v }, IMPRINTS['white registered'], v, 0)
  }

  unregistered(broker: string, why: UnregisteredWhy): void {
    const v = { broker, why }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'unregistered', v }, IMPRINTS['white unregistered'], v, 0)
  }

  expired(broker: string): void {
    const v = { broker }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'expired', v }, IMPRINTS['white expired'], v, 0)
  }

  lockTable(v: LockTable['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'lock', v }, IMPRINTS['white lock'], v, 0)
  }

  cleaned(v: Cleaned['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'cleaned', v }, IMPRINTS['white cleaned'], v, 0)
  }

  life(f: 'up' | 'down'): void {
    const v = {}
    this.emit(
      { i: this.count, t: this.t, p: this.p, type: 'white', f, v },
      f === 'up' ? IMPRINTS['white up'] : IMPRINTS['white down'],
      v,
      0,
    )
  }

  copied(v: Copied['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'copied', v }, IMPRINTS['white copied'], v, 0)
  }

  elected(v: Elected['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'elected', v }, IMPRINTS['white elected'], v, 0)
  }

  inSync(v: InSync['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'inSync', v }, IMPRINTS['white inSync'], v, 0)
  }

  presides(term: number): void {
    const v = { term }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'presides', v }, IMPRINTS['white presides'], v, 0)
  }

  role(v: RoleTaken['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'role', v }, IMPRINTS['white role'], v, 0)
  }

  acting(as: Acting['v']['as']): void {
    const v = { as }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'acting', v }, IMPRINTS['white acting'], v, 0)
  }

  copyRecovered(end: number): void {
    const v = { end }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'copyRecovered', v }, IMPRINTS['white copyRecovered'], v, 0)
  }
}
