/** The row about selectors over properties: what RocketMQ takes them to mean is what the judge takes them to mean, or one of the two is wrong. */
import { PAYMENTS } from '../../../generate/filter-shapes.ts'
import type { Item } from '../../../plan/plan.ts'
import { ms } from '../../../plan/units.ts'
import type { LiveControl } from '../../control.ts'
import { GROUP, planOf, send, strike, type ConfigInput } from './building.ts'

const UNDERSTOOD: ConfigInput = { enablePropertyFilter: true }

/** One more of these is refused, whose bounds are the wrong way round (RMQ-138). */
const SELECTORS: readonly string[] = [
  ...PAYMENTS.wanted.map(([, selector]) => selector),
  'amount NOT BETWEEN 10 AND 100',
  "type NOT IN ('pay')",
  "type NOT CONTAINS 'ef'",
  "type ENDSWITH 'd' OR type = 'it'",
  'amount = 1.5',
  'NOT (type IS NULL AND amount > 1)',
  'amount BETWEEN 60 AND 1',
  "type LIKE 'p%'",
  "TAGS = 'a' AND amount > 10",
]

/** Each value of each property, and none of it: the second time with a tag, which selectors see as a property. */
const PROPERTIES = PAYMENTS.of.reduce<readonly Readonly<Record<string, string>>[]>(
  (combined, [name, values]) =>
    combined.flatMap((others) => [others, ...values.filter((value) => value !== '').map((value) => ({ ...others, [name]: value }))]),
  [{}],
)
const sends: readonly Item[] = [{}, { tag: 'a' }].flatMap((tagged, again) =>
  PROPERTIES.map((properties, k): Item => ({ ...send(ms(500) + again * ms(1500) + k * ms(20)), ...tagged, properties })),
)

const groups = SELECTORS.map((selector, k) => ({ ...GROUP, name: `g${k + 1}`, consumers: [`c${k + 1}`], selector }))
const planned = planOf(UNDERSTOOD, 1, sends, [strike('processKill', ms(1300), ms(300))])

export const SELECTORS_ROW: LiveControl = {
  row: 'RML-073',
  title:
    'groups with selectors over properties are given what these are true of, over a kill of the broker; what can not be parsed is refused',
  guarantee: 'FLT-2',
  expect: 'holds',
  config: UNDERSTOOD,
  plan: (round) => {
    const plan = planned(round)
    return { ...plan, cluster: { ...plan.cluster, groups } }
  },
  rounds: 1,
  sheet: '16 taken and 3 refused; no group was given what it does not want, and none missed what it does',
}
