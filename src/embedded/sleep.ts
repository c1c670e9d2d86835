/** Waiting by the global timer, so that a test that owns the clock owns this too. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
