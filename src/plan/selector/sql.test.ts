/** Selectors on cases worked out by hand, and against another evaluator, which was made in another way. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answer, matches } from './evaluate.ts'
import { ERROR } from './compare.ts'
import { parseSelector } from './parse.ts'
import { judge, showTree, type Decimal, type Tree } from './testing/oracle.ts'

/** `PAIRS=100000 npx vitest run src/plan/selector/sql.test.ts` looks further: 100,000 pairs have agreed. */
const PAIRS = Number(process.env['PAIRS'] ?? 10_000)

const of = (text: string, properties: Record<string, string> = {}): boolean | null | 'error' => {
  const found = answer(parseSelector(text), properties)
  return found === ERROR ? 'error' : found
}

describe('a selector', () => {
  /** Worked out by hand from RMQ-137 and RMQ-138. */
  it.each<[string, Record<string, string>, boolean | null | 'error']>([
    ["amount > 100 AND type = 'PAYMENT'", { amount: '101', type: 'PAYMENT' }, true],
    ["amount > 100 AND type = 'PAYMENT'", { amount: '100', type: 'PAYMENT' }, false],
    ["amount > 100 AND type = 'PAYMENT'", { type: 'PAYMENT' }, null],
    ['a = 1', {}, null],
    ['a <> 1', {}, null],
    ['NOT (a = 1)', {}, null],
    ['a IS NULL', {}, true],
    ['a IS NOT NULL', {}, false],
    ['a IS NOT NULL', { a: '' }, true],
    ['1 = a', {}, false],
    ['a = b', {}, true],
    ["a <> 'x' OR a IS NULL", {}, true],
    ['a > 1', { a: '1.5' }, 'error'],
    ['a > 1.0', { a: '1.5' }, true],
    ['a > 1', { a: '3000000000' }, 'error'],
    ['a > 3000000000', { a: '3000000001' }, true],
    ['a > 1', { a: ' 2' }, 'error'],
    ['a > 1.0', { a: ' 2 ' }, true],
    ['a > 1', { a: 'many' }, 'error'],
    ['b = 1 OR a > 1', { a: 'many', b: '1' }, true],
    ['a > 1 OR b = 1', { a: 'many', b: '1' }, 'error'],
    ['a > b', { a: '10', b: '9' }, true],
    ['a > b', { a: 'x', b: '9' }, 'error'],
    ["a = '1'", { a: '1.0' }, false],
    ['a = 1.0', { a: '1' }, true],
    ['a', { a: 'true' }, false],
    ['a = TRUE', { a: 'True' }, true],
    ['NOT a = 1', { a: '1' }, false],
    ['NOT a = 1', { a: '2' }, false],
    ['NOT (a = 1)', { a: '2' }, true],
    ["a CONTAINS 'b'", { a: 'abc' }, true],
    ["a NOT CONTAINS 'b'", {}, false],
    ["a STARTSWITH ''", { a: 'abc' }, false],
    ["a NOT ENDSWITH 'c'", { a: 'abc' }, false],
    ["a IN ('x', 'it''s')", { a: "it's" }, true],
    ["a NOT IN ('x')", {}, null],
    ['a BETWEEN 1 AND 3', { a: '3' }, true],
    ['a NOT BETWEEN 1 AND 3', { a: '4' }, true],
    ['a BETWEEN 5 AND -3', { a: '4' }, false],
    ['a = - - 1', { a: '1' }, true],
    ['a = -b', { a: '1', b: '-1' }, false],
    ['a = 1 -- what follows\n AND b = 2', { a: '1', b: '2' }, true],
    ['a = 1 /* a ** comment */ AND b = 2', { a: '1', b: '3' }, false],
    ['TRUE', {}, true],
    ['NULL', {}, null],
    ['not a = b aNd c', { a: 'x' }, false],
    ['a > 1', { a: 'NaN' }, 'error'],
    ['a > 1.0', { a: 'NaN' }, true],
    ['a = 007', { a: '0' }, true],
    ['a = 1 nonsense #', { a: '1' }, true],
    ['a NOT b', { a: 'x' }, false],
  ])('%s on %o is %s', (text, properties, expected) => {
    expect(of(text, properties)).toBe(expected)
    expect(matches(parseSelector(text), properties)).toBe(expected === true)
  })

  it.each([
    ['', /where it ends/],
    ['a >', /where it ends/],
    ["'x'", /no condition/],
    ['a = NULL', /IS NULL/],
    ["a > 'x'", /only numbers and properties/],
    ["a BETWEEN 'b' AND 'c'", /only numbers and properties/],
    ['a BETWEEN 3 AND 1', /the lower one comes first/],
    ['a > 0.0', /0\.0 is refused/],
    ['a = 9223372036854775808', /does not fit/],
    ['a IN (1)', /string is expected where "1"/],
    ["'a' IN ('a')", /asked of a property/],
    ['a = 1 #', /no word begins with "#"/],
    ["a = 'x", /no word begins with "'"/],
    ['TRUE = 1', /never equal/],
    ['a IS 1', /NULL is expected where "1"/],
  ])('is refused: %s', (text, why) => {
    expect(() => parseSelector(text)).toThrow(why)
  })
})

const name = fc.constantFrom('a', 'b', 'c')
const text = fc.oneof(
  fc.constantFrom('', 'x', 'xy', 'yx', "x'y", '1', '-2', '1.5', '2147483648'),
  fc.string({ unit: fc.constantFrom(..."xyé'-%_ 😀"), maxLength: 4 }),
)
const decimal: fc.Arbitrary<Decimal> = fc.record({
  negative: fc.boolean(),
  before: fc.constantFrom('1', '2', '10', '2147483647'),
  behind: fc.constantFrom('', '', '0', '5', '25'),
})
const not = fc.boolean()
/** A range in the right order: another is refused, unless its ends are negated. */
const range = fc
  .tuple(decimal, decimal)
  .filter(
    ([low, high]) => low.negative || high.negative || Number(`${low.before}.${low.behind}0`) <= Number(`${high.before}.${high.behind}0`),
  )
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ is: fc.constant('text' as const), name, by: fc.constantFrom('=' as const, '<>' as const), text }),
    fc.record({
      is: fc.constant('number' as const),
      name,
      by: fc.constantFrom(...(['=', '<>', '<', '<=', '>', '>='] as const)),
      number: decimal,
    }),
    fc.tuple(name, range, not).map(([of_, [low, high], no]) => ({ is: 'between' as const, name: of_, low, high, not: no })),
    fc.record({ is: fc.constant('in' as const), name, list: fc.array(text, { minLength: 1, maxLength: 3 }), not }),
    fc.record({
      is: fc.constant('search' as const),
      name,
      by: fc.constantFrom('CONTAINS' as const, 'STARTSWITH' as const, 'ENDSWITH' as const),
      text,
      not,
    }),
    fc.record({ is: fc.constant('missing' as const), name, not }),
    fc.record({ is: fc.constant('constant' as const), value: fc.boolean() }),
    fc.record({ is: fc.constant('not' as const), of: tie('tree') }),
    fc.record({ is: fc.constant('and' as const), left: tie('tree'), right: tie('tree') }),
    fc.record({ is: fc.constant('or' as const), left: tie('tree'), right: tie('tree') }),
  ),
}))

describe('the evaluator', () => {
  it('agrees with another one, made in another way', () => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(tree, fc.dictionary(name, text), (one, properties) => {
        const expected = judge(one, new Map(Object.entries(properties)))
        const found = of(showTree(one), properties)
        seen.set(expected, (seen.get(expected) ?? 0) + 1)
        expect({ T: true, F: false, U: null, E: 'error' }[expected]).toBe(found)
      }),
      { numRuns: PAIRS, seed: 92 },
    )
    for (const truth of 'TFUE') expect(seen.get(truth)).toBeGreaterThan(50)
  })
})
