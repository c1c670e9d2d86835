/**
 * Halves that their brokers have given up: after so many checks a half is parked, and never delivered (RMQ-131). A broker that is seen from inside says
 * so. Of any other it is believed of a half about which it has asked as often as it asks at the most, copies of it counted (RML-079); and of one
 * about which it has gone on asking until all its checks were due, since those count, too, that find nobody to ask.
 */
import type { Header } from '../history/event.ts'
import type { Us } from '../plan/units.ts'
import { NumberMap } from './number-map.ts'

export class GivenUp {
  private readonly isTold: boolean
  private readonly limits: Header['checks']
  /** message → how often its broker had asked when it gave up. */
  private readonly after = new NumberMap<number>()
  private readonly asked = new NumberMap<number>()

  constructor({ records, checks }: Pick<Header, 'records' | 'checks'>) {
    this.isTold = records.includes('white:discarded')
    this.limits = checks
  }

  told(message: number, checks: number): void {
    this.after.set(message, checks)
  }

  /** The broker asks what became of it, so long after it was sent. */
  checked(message: number, ageUs: Us): void {
    if (this.isTold || this.limits === undefined) return
    const { max, intervalUs } = this.limits
    const count = (this.asked.get(message) ?? 0) + 1
    this.asked.set(message, count)
    const isLast = 2 * count >= max && ageUs >= (max - 1) * intervalUs
    if (count >= max || isLast) this.after.set(message, Math.max(count, max))
  }

  has(message: number): boolean {
    return this.after.get(message) !== undefined
  }

  /** Without a look inside nothing is claimed of a half that may still be checked. */
  factsOf(message: number): { readonly discarded?: boolean; readonly checks?: number } {
    const checks = this.after.get(message)
    if (checks !== undefined) return { discarded: true, checks }
    return this.isTold ? { discarded: false } : {}
  }
}
