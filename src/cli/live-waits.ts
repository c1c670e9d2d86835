/** Tells people what a round on a real broker waits for, where nothing else happens for a while. */
import type { TellWaiting } from '../live/runner/waiting.ts'
import { Progress, waitingLine } from '../report/progress.ts'
import type { Context } from './context.ts'

export function tellingWaits({ io }: Context, progress = new Progress(io.stderr, io.isTTY, io.columns)): TellWaiting {
  const startMs = io.nowMs()
  return (waiting) => progress.note(waitingLine(waiting), io.nowMs() - startMs)
}
