/**
 * The public API: plans in, histories and verdicts out.
 *
 * ```ts
 * import { simulate, check, plans, guarantees } from 'mqproof'
 * const plan = plans.draw('default', 7, 1)
 * const history = simulate(plan)
 * for (const { id, verdict, reason } of check(history)) console.log(id, verdict, reason)
 * ```
 */
