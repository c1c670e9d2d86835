/**
 * 32-bit integer hashing: stateless, fast, and the same on every engine. Choices, ties and trace hashes are made of it. Hashes are signed,
 * since an engine keeps a signed integer in place, and makes an object of an unsigned one that is large.
 */

/** Folds one integer into a hash (the murmur3 body and a final avalanche, so that single calls are already well spread). */
export function mix(hash: number, value: number): number {
  let k = Math.imul(value | 0, 0xcc9e2d51)
  k = (k << 15) | (k >>> 17)
  let h = hash ^ Math.imul(k, 0x1b873593)
  h = (h << 13) | (h >>> 19)
  h = (Math.imul(h, 5) + 0xe6546b64) | 0
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  return h
}

/** Folds one of many integers that follow each other: quicker than `mix`, and as good once a `mix` has followed the last. */
export function fold(hash: number, value: number): number {
  const h = Math.imul(hash ^ value, 0x5bd1e995)
  return h ^ (h >>> 15)
}

/** A number in [0, n) from a hash. */
export const modulo = (hash: number, n: number): number => (hash >>> 0) % n

/** Folds an integer that may exceed 32 bits, such as a time in microseconds. */
export const mixWide = (hash: number, value: number): number =>
  mix(mix(hash, value | 0), value >= 0 && value < 0x1_0000_0000 ? 0 : Math.floor(value / 0x1_0000_0000))

export function hashText(text: string): number {
  let h = 0x9747b28c | 0
  for (let i = 0; i < text.length; i++) h = mix(h, text.charCodeAt(i))
  return h
}

/**
 * Names are few and recur at every step: their hashes are looked up, unless they are so short that hashing them is quicker. A cache of a pure
 * function, so it can't make two runs differ.
 */
const names = new Map<string, number>()
const NAMES_MAX = 10_000
const SHORT = 2

export function hashName(name: string): number {
  if (name.length <= SHORT) return hashText(name)
  const known = names.get(name)
  if (known !== undefined) return known
  const hash = hashText(name)
  if (names.size < NAMES_MAX) names.set(name, hash)
  return hash
}

export const showHash = (hash: number): string => (hash >>> 0).toString(16).padStart(8, '0')
