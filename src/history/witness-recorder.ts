/** Where the events are made that a system tells of itself, from within: what no client sees, and a foreign broker's history lacks. */
import { hashName, mix, mixWide } from '../plan/hash.ts'
import type { TxnOutcome } from '../plan/plan.ts'
import type { QueueName } from '../plan/queues.ts'
import { Emitter } from './emitter.ts'
import type { LockTable, Released } from './event.ts'
import type { Committed } from './groups-log.ts'
import type { Copied } from './replicas.ts'
import type { Cleaned } from './retention.ts'
import type { Elected, InSync, RoleTaken } from './roles.ts'

export const queueHash = (topic: string, queue: QueueName): number => mix(hashName(topic), hashName(queue))

export class WitnessRecorder extends Emitter {
  append(v: { topic: string; queue: QueueName; offset: number; message: number; at: number; size: number; half: boolean }): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'append', v }, 17, v.message, mix(hashName(v.queue), v.offset), v.at)
  }

  force(to: number): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'force', v: { to } }, 18, to, 0, 0)
  }

  dispatch(topic: string, queue: QueueName, offset: number, at: number): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type: 'white', f: 'dispatch', v: { topic, queue, offset, at } },
      19,
      queueHash(topic, queue),
      offset,
      at,
    )
  }

  recovered(end: number, clean: boolean): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'recovered', v: { end, clean } }, 20, end, clean ? 1 : 0, 0)
  }

  recoveredQueue(topic: string, queue: QueueName, min: number, max: number): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type: 'white', f: 'recoveredQueue', v: { topic, queue, min, max } },
      21,
      queueHash(topic, queue),
      min,
      max,
    )
  }

  recoveredIndex(from: number, to: number): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'recoveredIndex', v: { from, to } }, 22, from, to, 0)
  }

  storedOffset(group: string, topic: string, queue: QueueName, offset: number, durable: boolean): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type: 'white', f: 'storedOffset', v: { group, topic, queue, offset, durable } },
      23,
      hashName(group),
      queueHash(topic, queue),
      mix(offset, durable ? 1 : 0),
    )
  }

  leads(broker: string, term: number): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'leads', v: { broker, term } }, 135, hashName(broker), term, 0)
  }

  committed(v: Committed['v']): void {
    const at = mix(queueHash(v.topic, v.queue), v.offset)
    this.emit(
      { i: this.count, t: this.t, p: this.p, type: 'white', f: 'committed', v },
      136,
      v.message,
      at,
      mix(mix(v.at, v.term), v.entryTerm),
    )
  }

  ledgerCut(to: number): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'ledgerCut', v: { to } }, 137, to, 0, 0)
  }

  endedTxn(message: number, outcome: TxnOutcome): void {
    const v = { message, outcome }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'endedTxn', v }, 24, message, hashName(outcome), 0)
  }

  released(v: Released['v']): void {
    const [moved, times] = [mix(mix(hashName(v.queue), v.offset), v.from), mixWide(mixWide(v.level, v.dueUs), v.nowUs)]
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'released', v }, 80, v.message, moved, times)
  }

  discarded(message: number, checks: number): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'discarded', v: { message, checks } }, 25, message, checks, 0)
  }

  registered(broker: string, topics: readonly string[]): void {
    const v = { broker, topics }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'registered', v }, 41, hashName(broker), topics.length, 0)
  }

  unregistered(broker: string, why: 'stopped' | 'closed'): void {
    const v = { broker, why }
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'unregistered', v }, 42, hashName(broker), hashName(why), 0)
  }

  expired(broker: string): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'expired', v: { broker } }, 43, hashName(broker), 0, 0)
  }

  lockTable(v: LockTable['v']): void {
    const [whose, at] = [mix(hashName(v.group), hashName(v.client)), queueHash(v.topic, v.queue)]
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'lock', v }, 53, whose, at, hashName(v.act))
  }

  cleaned(v: Cleaned['v']): void {
    const seen = mixWide(mixWide(v.usedPermille, v.nowUs), v.oldestUs ?? 0)
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'cleaned', v }, 115, seen, v.files.length, v.files.at(-1)?.to ?? 0)
  }

  life(f: 'up' | 'down'): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f, v: {} }, f === 'up' ? 26 : 27, hashName(this.p), 0, 0)
  }

  copied(v: Copied['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'copied', v }, 92, v.message, queueHash(v.topic, v.queue), v.at)
  }

  elected(v: Elected['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'elected', v }, 125, hashName(v.broker), hashName(v.master), v.epoch)
  }

  inSync(v: InSync['v']): void {
    this.emit(
      { i: this.count, t: this.t, p: this.p, type: 'white', f: 'inSync', v },
      127,
      hashName(v.broker),
      hashName(v.set.join()),
      v.set.length,
    )
  }

  role(v: RoleTaken['v']): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'role', v }, 126, hashName(v.role), v.epoch, v.end)
  }

  copyRecovered(end: number): void {
    this.emit({ i: this.count, t: this.t, p: this.p, type: 'white', f: 'copyRecovered', v: { end } }, 93, end, 0, 0)
  }
}
