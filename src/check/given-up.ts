/**
 * Halves that their brokers have given up: after so many checks a half is parked, and never delivered (RMQ-131). A broker that is seen from inside says
 * so. Of any other it is believed of a half about which it has asked as often as it asks at the most: copies of a half are checked each by
 * itself, and the answers may have been refused (RML-079).
 */
import type { Header } from '../history/event.ts'
import { NumberMap } from './number-map.ts'

export class GivenUp {
  private readonly isTold: boolean
  private readonly checksMax: number
  /** message → how often its broker had asked when it gave up. */
  private readonly after = new NumberMap<number>()
  private readonly asked = new NumberMap<number>()

  constructor({ records, checks }: Pick<Header, 'records' | 'checks'>) {
    this.isTold = records.includes('white:discarded')
    this.checksMax = checks?.max ?? Infinity
  }

  told(message: number, checks: number): void {
    this.after.set(message, checks)
  }

  /** The broker asks what became of it. */
  checked(message: number): void {
    if (this.isTold) return
    const count = (this.asked.get(message) ?? 0) + 1
    this.asked.set(message, count)
    if (count >= this.checksMax) this.after.set(message, count)
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
