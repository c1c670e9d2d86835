/** The verdicts under a transcript: what went wrong and why it is allowed, and what was upheld in one line together. */

export interface Judged {
  readonly guarantee: string
  readonly verdict: 'upheld' | 'violated' | 'allowed' | 'unknown' | 'not-exercised'
  /** What went wrong, or why it can't be said. */
  readonly summary?: string
  /** Why it is excused. */
  readonly reason?: string
}

/** One cause often breaks several guarantees: its reason is given once. `given`: reason → the guarantee below which it stands. */
function lines({ guarantee, verdict, summary = '', reason = '' }: Judged, given: Map<string, string>): string[] {
  const title = `  ${guarantee} ${verdict}`
  if (summary === '') return [reason === '' ? title : `${title}: ${reason}`]
  if (reason === '') return [`${title}: ${summary}`]
  const before = given.get(reason)
  if (before === undefined) given.set(reason, guarantee)
  return [`${title}: ${summary}`, `    ${before === undefined ? reason : `as for ${before}`}`]
}

/** Guarantees that the run did not exercise go unsaid, unless the story is about them. */
export function verdictLines(judged: readonly Judged[], about: readonly string[] = []): string[] {
  const upheld = judged.filter((one) => one.verdict === 'upheld').map((one) => one.guarantee)
  const told = judged.filter((one) => one.verdict !== 'upheld' && (one.verdict !== 'not-exercised' || about.includes(one.guarantee)))
  const given = new Map<string, string>()
  return [...told.flatMap((one) => lines(one, given)), ...(upheld.length === 0 ? [] : [`  upheld: ${upheld.join(', ')}`])]
}
