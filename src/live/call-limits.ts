/**
 * What each call of a target may take before the target counts as broken. Drivers must know it: one that is more patient with its broker
 * than this turns a slow broker into a broken target.
 */
export const CALL_LIMITS_MS = {
  /** Each broker has 60 s to answer. */
  ready: 90_000,
  setUp: 60_000,
  tearDown: 45_000,
} as const
