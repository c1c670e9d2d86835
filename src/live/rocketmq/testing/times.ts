/** A consumer's times, short enough for tests that wait for them. */
export const QUICK = {
  requestMs: 200,
  holdMs: 50,
  pullTimeoutMs: 500,
  errorDelayMs: 10,
  retryMs: 20,
  invisibleMs: 1000,
  commitIntervalMs: 20,
  validMs: 100,
  renewMs: 30,
}
