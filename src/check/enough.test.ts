/** That many anomalies of one name leave room for another. */
import { expect, it } from 'vitest'
import { DRAINED, HEADER, judged, story } from './testing/histories.ts'

it('a flood of one anomaly hides no other', () => {
  const told = story().invoke(1, { key: 'Aa' }).append(1, 0).ack(1, 0).dispatch(0)
  for (let k = 0; k < 120; k++) told.query(9).found(9, [], { answers: [] })
  told.query(9).found(9, [])
  const names = judged('QRY-1', told, DRAINED, { ...HEADER, queries: true }).anomalies.map(({ name }) => name)
  expect(names).toHaveLength(101)
  expect(names.at(-1)).toBe('missed')
})
