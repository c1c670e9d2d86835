/**
 * When the engine compiles. A campaign goes through some two thousand functions, few of which are much hotter than the others: Node 20 optimises
 * each of them when it has seen a few runs, finds in later ones what it had not seen, and begins anew. So it is told to take its time. Later
 * versions have a compiler in between, and need no telling. Nothing but time depends on this.
 */
import { setFlagsFromString } from 'node:v8'

/** How many bytes of a function are gone through before it counts as hot: four times as many as usual. */
const LATER = '--interrupt-budget=270000'

/** Another version may not know the flag, and would complain. */
const OF_NODE_20 = '11.3.'

export function optimiseLater(): void {
  if (process.versions.v8.startsWith(OF_NODE_20)) setFlagsFromString(LATER)
}
