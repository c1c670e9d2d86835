/** The decisions of the key index and of who looks into it; see rules.ts for why they are here and not in the code that asks. */
import { seconds, type Us } from '../../../plan/units.ts'
import { javaHash } from '../java-hash.ts'

export const queryRules = {
  /** RMQ-050: key files of a broker that did not stop in good order are thrown away, and built again from where its recovery scans. */
  dropsKeyIndex: (): boolean => true,
  rebuildsKeys: (): boolean => true,

  /** RMQ-029: what lies before the last record that has its keys in the index has them there already. */
  takesKeys: (at: number, lastAt: number): boolean => at >= lastAt,

  /** RMQ-029: the hash without its sign, of which the smallest number has none. */
  keyHash: (key: string): number => {
    const hash = Math.abs(javaHash(key))
    return hash > 0x7fffffff ? 0 : hash
  },

  /** RMQ-029: an entry leads on to the one before it in the same slot. */
  leadsOn: (): boolean => true,

  /** RMQ-140: the index has whole seconds since the first of its entries, and no time before that. */
  timeInIndex: (firstUs: Us, storedUs: Us): Us => firstUs + Math.max(0, Math.floor((storedUs - firstUs) / seconds(1))) * seconds(1),

  /** RMQ-140: maxMsgsNumBatch; by a msgId always defaultQueryMaxNum. */
  mostFound: (asked: number, unique: boolean): number => (unique ? 32 : Math.min(asked, 64)),
} as const
