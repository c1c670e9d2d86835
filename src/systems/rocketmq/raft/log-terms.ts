/**
 * The terms of a log's entries, span by span. A leader puts one entry only at each position, so a position and a term name an entry, and with it
 * all that lies before: two logs that hold an entry of the same term at one place are the same up to there (Raft's log matching).
 */

/** From `from` on, entries are of this term, until the next span begins. */
export interface Span {
  readonly term: number
  readonly from: number
}

/** The term of the entry that ends at `at`; 0 where the log begins. */
export function termBefore(spans: readonly Span[], at: number): number {
  for (let k = spans.length - 1; k >= 0; k--) {
    const span = spans[k] as Span
    if (span.from < at) return span.term
  }
  return 0
}

/** The term of the entry that begins at `at`. */
const termFrom = (spans: readonly Span[], at: number): number => termBefore(spans, at + 1)

/** What is left of a log that ends at `to`. */
export const spansBefore = (spans: readonly Span[], to: number): readonly Span[] => spans.filter(({ from }) => from < to)

/** The entries in [from, to). */
export const spansBetween = (spans: readonly Span[], from: number, to: number): readonly Span[] =>
  spans.flatMap((span, k) => {
    const until = spans[k + 1]?.from ?? Infinity
    return until <= from || span.from >= to ? [] : [{ term: span.term, from: Math.max(span.from, from) }]
  })

/** One log behind the other. */
export function joined(spans: readonly Span[], more: readonly Span[]): readonly Span[] {
  const last = spans[spans.length - 1]
  return [...spans, ...(last !== undefined && more[0]?.term === last.term ? more.slice(1) : more)]
}

/** Where two logs part that both reach `to` and agree up to `from`; `to` where they don't. */
export function partingOf(own: readonly Span[], other: readonly Span[], from: number, to: number): number {
  const changes = [...own, ...other].map((span) => span.from).filter((at) => at > from && at < to)
  const parting = [from, ...changes.sort((x, y) => x - y)].find((at) => termFrom(own, at) !== termFrom(other, at))
  return parting === undefined || from >= to ? to : parting
}
