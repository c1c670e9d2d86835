/**
 * Reads a selector (RMQ-137) as RocketMQ does, traps included: NOT binds to what follows at once, so that `NOT a = 1` compares a truth value
 * with a number and is never true; a decimal 0.0 is refused as too small; and what follows a whole expression is ignored.
 */
import { compare } from './compare.ts'
import { isCondition, isConstant, type Comparison, type Condition, type Expression, type Numeral, type Search } from './expression.ts'
import { tokenAt, type Token } from './tokens.ts'

/** Why the broker refuses a subscription. */
export class SelectorError extends Error {
  override name = 'SelectorError'
}

const NULL: Condition = { is: 'truth', value: null }
const ORDERS: readonly string[] = ['>', '>=', '<', '<='] satisfies Comparison[]
const SEARCHES: Readonly<Record<string, Search>> = { CONTAINS: 'contains', STARTSWITH: 'startsWith', ENDSWITH: 'endsWith' }
/** What can follow a value, with NOT or without. */
const AMONG: readonly string[] = ['BETWEEN', 'IN', ...Object.keys(SEARCHES)]
const LONG_MAX = (1n << 63n) - 1n
const INTEGER_MAX = (1n << 31n) - 1n
/** Java's Double.MIN_VALUE, the smallest double above nought. */
const DOUBLE_MIN = 5e-324

class Parser {
  private readonly text: string
  private next: Token

  constructor(text: string) {
    this.text = text
    this.next = this.fetch(0)
  }

  selector(): Condition {
    return this.condition(this.or())
  }

  private refuse(why: string): never {
    throw new SelectorError(`${why}, in the selector ${JSON.stringify(this.text)}`)
  }

  private peek(): Token['kind'] {
    return this.next.kind
  }

  private fetch(from: number): Token {
    const token = tokenAt(this.text, from)
    if (token.kind === 'unknown') this.refuse(`no word begins with ${JSON.stringify(token.image)}`)
    return token
  }

  private take(): Token {
    const token = this.next
    this.next = this.fetch(token.after)
    return token
  }

  private expect(kind: Token['kind']): Token {
    if (this.peek() !== kind) this.refuse(`${kind} is expected where ${this.next.image === '' ? 'it ends' : `"${this.next.image}"`} stands`)
    return this.take()
  }

  private accepts(kind: Token['kind']): boolean {
    if (this.peek() !== kind) return false
    this.take()
    return true
  }

  private condition(expression: Expression): Condition {
    if (isCondition(expression)) return expression
    if (expression.is === 'property') return { is: 'cast', of: expression }
    return this.refuse('a text or a number is no condition')
  }

  private or(): Expression {
    let left = this.and()
    while (this.accepts('OR')) left = { is: 'or', left: this.condition(left), right: this.condition(this.and()) }
    return left
  }

  private and(): Expression {
    let left = this.equality()
    while (this.accepts('AND')) left = { is: 'and', left: this.condition(left), right: this.condition(this.equality()) }
    return left
  }

  private equality(): Expression {
    let left = this.comparison()
    for (;;) {
      if (this.accepts('=')) left = this.equal(left, this.comparison())
      else if (this.accepts('<>')) left = { is: 'not', of: this.equal(left, this.comparison()) }
      else if (this.accepts('IS')) {
        const not = this.accepts('NOT')
        this.expect('NULL')
        const isNull: Condition = { is: 'compare', by: '=', left, right: NULL }
        left = not ? { is: 'not', of: isNull } : isNull
      } else return left
    }
  }

  private equal(left: Expression, right: Expression): Condition {
    for (const side of [left, right]) if (side.is === 'truth' && side.value === null) this.refuse('NULL is equal to nothing: write IS NULL')
    if (left.is === 'truth' && isConstant(right) && right.is !== 'truth') this.refuse('a truth value and another constant are never equal')
    return { is: 'compare', by: '=', left, right }
  }

  private comparison(): Expression {
    let left = this.unary()
    for (;;) {
      const kind = this.peek()
      if (ORDERS.includes(kind)) {
        this.take()
        left = this.order(kind as Comparison, left, this.unary())
      } else if (AMONG.includes(kind)) left = this.among(left, false)
      else if (kind === 'NOT' && AMONG.includes(tokenAt(this.text, this.next.after).kind)) {
        this.take()
        left = this.among(left, true)
      } else return left
    }
  }

  private among(left: Expression, not: boolean): Condition {
    const { kind } = this.take()
    const by = SEARCHES[kind]
    if (by !== undefined) return { is: 'search', by, of: left, text: this.string(), not }
    return kind === 'IN' ? this.oneOf(left, not) : this.between(left, not)
  }

  private order(by: Comparison, left: Expression, right: Expression): Condition {
    for (const side of [left, right])
      if (side.is !== 'number' && (isConstant(side) || isCondition(side))) this.refuse('only numbers and properties have an order')
    return { is: 'compare', by, left, right }
  }

  private between(of: Expression, not: boolean): Condition {
    const low = this.unary()
    this.expect('AND')
    const high = this.unary()
    if (not) return { is: 'or', left: this.order('<', of, low), right: this.order('>', of, high) }
    if (low.is === 'number' && high.is === 'number' && compare('<', high.value, low.value) === true)
      this.refuse('nothing lies between these two: the lower one comes first')
    return { is: 'and', left: this.order('>=', of, low), right: this.order('<=', of, high) }
  }

  private oneOf(of: Expression, not: boolean): Condition {
    if (of.is !== 'property') return this.refuse('IN is asked of a property')
    this.expect('(')
    const list = [this.string()]
    while (this.accepts(',')) list.push(this.string())
    this.expect(')')
    return { is: 'in', property: of.name, list, not }
  }

  private unary(): Expression {
    if (this.accepts('+')) return this.unary()
    if (this.accepts('-')) return { is: 'negate', of: this.unary() }
    if (this.accepts('NOT')) return { is: 'not', of: this.condition(this.unary()) }
    return this.primary()
  }

  private primary(): Expression {
    if (this.accepts('(')) {
      const inner = this.or()
      this.expect(')')
      return inner
    }
    const { kind } = this.next
    if (kind === 'string') return { is: 'text', value: this.string() }
    const { image } = this.take()
    if (kind === 'name') return { is: 'property', name: image }
    if (kind === 'integer') return { is: 'number', value: this.whole(image.replace(/l$/i, '')) }
    if (kind === 'float') return { is: 'number', value: this.decimal(image) }
    if (kind === 'TRUE' || kind === 'FALSE') return { is: 'truth', value: kind === 'TRUE' }
    if (kind === 'NULL') return NULL
    return this.refuse(`a value is expected where ${image === '' ? 'it ends' : `"${image}"`} stands`)
  }

  private string(): string {
    return this.expect('string').image.slice(1, -1).replaceAll("''", "'")
  }

  private whole(digits: string): Numeral {
    const value = BigInt(digits)
    if (value > LONG_MAX) this.refuse(`${digits} does not fit into 64 bits`)
    return { kind: value > INTEGER_MAX ? 'long' : 'integer', value }
  }

  private decimal(text: string): Numeral {
    const value = Number(text)
    if (value < DOUBLE_MIN || !Number.isFinite(value))
      this.refuse(`${text} is refused: a decimal lies between the smallest double above 0 and the greatest`)
    return { kind: 'double', value }
  }
}

/** @throws SelectorError where the broker refuses it. */
export const parseSelector = (text: string): Condition => new Parser(text).selector()
