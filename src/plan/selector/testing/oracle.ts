/**
 * Another reading of selectors, to compare the first with: from the generated tree, not from its text; with numbers as decimal fractions of whole
 * numbers, not as Java's types; and with truth tables, not with shortcuts. It covers what a user would write: one kind of literal in a
 * comparison, properties that are there or not, and texts that are numbers or not.
 */

/** `digits` before and behind the point; behind is '' for a whole number. */
export interface Decimal {
  readonly negative: boolean
  readonly before: string
  readonly behind: string
}

export type Tree =
  | { readonly is: 'and'; readonly left: Tree; readonly right: Tree }
  | { readonly is: 'or'; readonly left: Tree; readonly right: Tree }
  | { readonly is: 'not'; readonly of: Tree }
  | { readonly is: 'constant'; readonly value: boolean }
  | { readonly is: 'missing'; readonly name: string; readonly not: boolean }
  | { readonly is: 'text'; readonly name: string; readonly by: '=' | '<>'; readonly text: string }
  | { readonly is: 'number'; readonly name: string; readonly by: '=' | '<>' | '<' | '<=' | '>' | '>='; readonly number: Decimal }
  | { readonly is: 'between'; readonly name: string; readonly low: Decimal; readonly high: Decimal; readonly not: boolean }
  | { readonly is: 'in'; readonly name: string; readonly list: readonly string[]; readonly not: boolean }
  | {
      readonly is: 'search'
      readonly name: string
      readonly by: 'CONTAINS' | 'STARTSWITH' | 'ENDSWITH'
      readonly text: string
      readonly not: boolean
    }

const quoted = (text: string): string => `'${text.split("'").join("''")}'`
export const showDecimal = ({ negative, before, behind }: Decimal): string =>
  `${negative ? '-' : ''}${before}${behind === '' ? '' : `.${behind}`}`

/** Everything in parentheses, so that no rule of precedence is needed to say what is meant. */
export function showTree(tree: Tree): string {
  const not = 'not' in tree && tree.not ? 'NOT ' : ''
  switch (tree.is) {
    case 'and':
    case 'or':
      return `(${showTree(tree.left)}) ${tree.is} (${showTree(tree.right)})`
    case 'not':
      return `NOT (${showTree(tree.of)})`
    case 'constant':
      return tree.value ? 'TRUE' : 'false'
    case 'missing':
      return `${tree.name} IS ${not}NULL`
    case 'text':
      return `${tree.name} ${tree.by} ${quoted(tree.text)}`
    case 'number':
      return `${tree.name} ${tree.by} ${showDecimal(tree.number)}`
    case 'between':
      return `${tree.name} ${not}BETWEEN ${showDecimal(tree.low)} AND ${showDecimal(tree.high)}`
    case 'in':
      return `${tree.name} ${not}IN (${tree.list.map(quoted).join(', ')})`
    case 'search':
      return `${tree.name} ${not}${tree.by} ${quoted(tree.text)}`
  }
}

/** T, F, U (nobody knows) or E (an error). Rows: what stands left; columns: right, in this order. */
type Truth = 'T' | 'F' | 'U' | 'E'
const ORDER = 'TFUE'
const AND: Readonly<Record<Truth, string>> = { T: 'TFUE', F: 'FFFF', U: 'UFUE', E: 'EEEE' }
const OR: Readonly<Record<Truth, string>> = { T: 'TTTT', F: 'TFUE', U: 'TUUE', E: 'EEEE' }
const NOT: Readonly<Record<Truth, Truth>> = { T: 'F', F: 'T', U: 'U', E: 'E' }
const truth = (yes: boolean): Truth => (yes ? 'T' : 'F')
const cell = (table: Readonly<Record<Truth, string>>, left: Truth, right: Truth): Truth => table[left][ORDER.indexOf(right)] as Truth

const PLACES = 12
/** In units of 10^-12. */
const scaled = ({ negative, before, behind }: Decimal): bigint => BigInt(`${negative ? '-' : ''}${before}${behind.padEnd(PLACES, '0')}`)

/** The property as a number of the literal's sort, or null where it can't be read so: a whole number has no point, and at most 32 bits. */
function read(text: string, like: Decimal): bigint | null {
  const parts = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(like.behind === '' ? text : text.trim())
  if (parts === null) return null
  const [, sign = '', before = '', behind] = parts
  if (like.behind !== '') return scaled({ negative: sign === '-', before, behind: behind ?? '' })
  if (behind !== undefined) return null
  const whole = BigInt(`${sign === '-' ? '-' : ''}${before}`)
  return whole > 2147483647n || whole < -2147483648n ? null : BigInt(`${whole}${'0'.repeat(PLACES)}`)
}

function against(text: string | undefined, by: string, number: Decimal): Truth {
  if (text === undefined) return 'U'
  const value = read(text, number)
  if (value === null) return 'E'
  const other = scaled(number)
  const signs = value < other ? ['<', '<=', '<>'] : value > other ? ['>', '>=', '<>'] : ['=', '<=', '>=']
  return truth(signs.includes(by))
}

export function judge(tree: Tree, properties: ReadonlyMap<string, string>): Truth {
  if (tree.is === 'and') return cell(AND, judge(tree.left, properties), judge(tree.right, properties))
  if (tree.is === 'or') return cell(OR, judge(tree.left, properties), judge(tree.right, properties))
  if (tree.is === 'not') return NOT[judge(tree.of, properties)]
  if (tree.is === 'constant') return truth(tree.value)
  const text = properties.get(tree.name)
  if (tree.is === 'missing') return truth((text === undefined) !== tree.not)
  if (tree.is === 'number') return against(text, tree.by, tree.number)
  if (tree.is === 'between') {
    const [low, high] = tree.not ? (['<', '>'] as const) : (['>=', '<='] as const)
    return cell(tree.not ? OR : AND, against(text, low, tree.low), against(text, high, tree.high))
  }
  if (tree.is === 'search') {
    if (text === undefined || tree.text === '') return 'F'
    const at = text.indexOf(tree.text)
    const last = text.lastIndexOf(tree.text)
    const found = { CONTAINS: at >= 0, STARTSWITH: at === 0, ENDSWITH: last >= 0 && last === text.length - tree.text.length }[tree.by]
    return truth(found !== tree.not)
  }
  if (text === undefined) return 'U'
  if (tree.is === 'in') return truth(new Set(tree.list).has(text) !== tree.not)
  return truth((text === tree.text) === (tree.by === '='))
}
