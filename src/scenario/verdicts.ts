/** The verdicts under a transcript: what went wrong in a line each, what was upheld in one line together. */

export interface Judged {
  readonly guarantee: string
  readonly verdict: 'upheld' | 'violated' | 'allowed' | 'unknown' | 'not-exercised'
  /** What went wrong, or why it can't be said. */
  readonly summary?: string
  /** Why it is excused. */
  readonly reason?: string
}

function line({ guarantee, verdict, summary, reason }: Judged): string {
  const what = summary === undefined || summary === '' ? '' : `: ${summary}`
  const why = reason === undefined || reason === '' ? '' : ` (${reason})`
  return `  ${guarantee} ${verdict}${what}${why}`
}

/** Guarantees that the run did not exercise go unsaid, unless the story is about them. */
export function verdictLines(judged: readonly Judged[], about: readonly string[] = []): string[] {
  const upheld = judged.filter((one) => one.verdict === 'upheld').map((one) => one.guarantee)
  const told = judged.filter((one) => one.verdict !== 'upheld' && (one.verdict !== 'not-exercised' || about.includes(one.guarantee)))
  return [...told.map(line), ...(upheld.length === 0 ? [] : [`  upheld: ${upheld.join(', ')}`])]
}
