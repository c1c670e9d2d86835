/** What must hold for the model to mean anything: broken, it is a bug of mqproof, never a finding about a broker. */

/** @throws Error saying what does not hold; `what` is called only then. */
export function invariant(holds: boolean, what: () => string): asserts holds {
  if (!holds) throw new Error(`mqproof is wrong about itself: ${what()}`)
}
