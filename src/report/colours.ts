/** Colour carries meaning only twice: how a verdict stands, and what is worth reading first. */
import picocolors from 'picocolors'
import type { Verdict } from '../contract/contract.ts'

export type Colours = ReturnType<typeof picocolors.createColors>
export const coloursFor = (enabled: boolean): Colours => picocolors.createColors(enabled)

/** Not exercised is dim, never green: nothing was shown. */
export function showVerdict(verdict: Verdict, colours: Colours): string {
  switch (verdict) {
    case 'upheld':
      return colours.green(verdict)
    case 'violated':
      return colours.bold(colours.red(verdict))
    case 'allowed':
      return colours.cyan(verdict)
    case 'unknown':
      return colours.yellow(verdict)
    case 'not-exercised':
      return colours.dim(verdict)
  }
}
