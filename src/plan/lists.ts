/** What lists of words are asked. */

/** The same words, in the same order. */
export const isSameList = (xs: readonly string[], ys: readonly string[]): boolean =>
  xs === ys || (xs.length === ys.length && xs.every((x, k) => x === ys[k]))
