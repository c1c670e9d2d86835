/**
 * A planted bug: one rule of the model overridden, the guarantee that it breaks, and the historical bug that it re-enacts. The matrix of
 * mutants and the guarantees that catch them is the proof that the harness can fail.
 */
import type { GuaranteeId } from '../check/checker.ts'
import type { Rules } from '../systems/rocketmq/rules.ts'

export interface Mutant {
  readonly id: string
  /** One line: what the broken broker or client does. */
  readonly title: string
  /** The guarantee that must convict it. */
  readonly breaks: GuaranteeId
  /** The bug of facts/rocketmq.md §16, or the demanded violation of the catalogue, that it re-enacts. */
  readonly bug: string
  readonly rules: Partial<Rules>
  /** The name of the preset that gives it a chance to show: some bugs need the repairs of `hardened`, without which the same loss is excused. */
  readonly preset: string
}

export const mutant = (definition: Mutant): Mutant => definition
