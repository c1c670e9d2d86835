/** Everything that the command line takes from the process, in one value, so that tests run commands without a process. */

export interface Output {
  write(text: string): void
}

export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  /** Standard error is a terminal: a line may be redrawn there. */
  readonly isTTY: boolean
  /** Standard output may be coloured. */
  readonly colour: boolean
  readonly columns: number
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Puts a question to whoever sits there; null where nobody does. */
  readonly ask: ((question: string) => Promise<string>) | null
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal
  nowMs(): number
}

/** Exit codes are part of the interface: scripts branch on them. */
export const EXIT = { upheld: 0, violated: 1, badInput: 2, couldNotRun: 3, interrupted: 130 } as const
