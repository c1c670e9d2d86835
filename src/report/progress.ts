/** Says that a campaign is alive: one line that is redrawn on a terminal, and a plain line now and then where output is kept. */
import type { Waiting } from '../live/runner/waiting.ts'
import { counted, grouped, short, span } from './numbers.ts'

export interface ProgressState {
  readonly runs: number
  readonly steps: number
  readonly simulatedMs: number
  readonly wallMs: number
  readonly failures: number
  /** What else is wrong, in a few words. */
  readonly trouble?: string
}

export interface ProgressTarget {
  write(text: string): void
}

const REDRAW_MS = 100
const PLAIN_MS = 5_000
const CLEAR = '\r\u001b[2K'

export function progressLine(state: ProgressState): string {
  const perSecond = (n: number): string => short(state.wallMs === 0 ? 0 : (n * 1000) / state.wallMs)
  return [
    `${grouped(state.runs)} runs`,
    `${perSecond(state.runs)} runs/s`,
    `${perSecond(state.steps)} steps/s`,
    `${span(state.simulatedMs)} simulated`,
    state.failures === 0 ? 'no failures' : counted(state.failures, 'failure'),
  ].join(' · ')
}

/** Rounds on a real broker take seconds each: how many a second says nothing. */
export function roundsLine({ runs, steps, wallMs, failures, trouble = '' }: ProgressState): string {
  const good = trouble === '' ? ['no failures'] : []
  const found = failures === 0 ? good : [counted(failures, 'failure')]
  return [counted(runs, 'round'), `${short(steps)} events`, span(wallMs), ...found, ...(trouble === '' ? [] : [trouble])].join(' · ')
}

/** What a round waits for, rounded up to whole seconds. */
export const waitingLine = ({ what, atMostMs }: Waiting): string => `waiting for ${what}, at most ${Math.ceil(atMostMs / 1000)} s`

export class Progress {
  private readonly target: ProgressTarget
  private readonly live: boolean
  private readonly columns: number
  private shownAtMs = 0

  private readonly show: (state: ProgressState) => string

  constructor(target: ProgressTarget, live: boolean, columns: number, show = progressLine) {
    this.target = target
    this.live = live
    this.columns = columns
    this.show = show
  }

  update(state: ProgressState): void {
    this.draw(state.wallMs, () => this.show(state))
  }

  /** Says something else for a while. */
  note(line: string, wallMs: number): void {
    this.draw(wallMs, () => line)
  }

  private draw(wallMs: number, show: () => string): void {
    if (wallMs - this.shownAtMs < (this.live ? REDRAW_MS : PLAIN_MS)) return
    this.shownAtMs = wallMs
    const line = show()
    this.target.write(this.live ? `${CLEAR}  ${line.slice(0, this.columns - 3)}` : `${line}\n`)
  }

  /** Takes the live line away, so that what follows starts on a clean one. */
  end(): void {
    if (this.live && this.shownAtMs > 0) this.target.write(CLEAR)
  }
}
