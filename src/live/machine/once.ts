/** A fault tells of its effect once, over however many links and bytes it acts. */
export function once(effect: () => void): () => void {
  let told = false
  return () => {
    if (told) return
    told = true
    effect()
  }
}
