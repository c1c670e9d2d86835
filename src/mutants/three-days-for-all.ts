/** Files are kept for three days, whatever the configuration says. */
import { hours } from '../plan/units.ts'
import { mutant } from './mutant.ts'

export const threeDaysForAll = mutant({
  id: 'three-days-for-all',
  title: 'files are kept for three days, whatever the configuration says',
  breaks: 'RET-2',
  bug: 'the number of one note built in where another one is configured (C-313, C-314, X-04)',
  rules: { reservedInForce: () => hours(72) },
  preset: 'retention',
})
