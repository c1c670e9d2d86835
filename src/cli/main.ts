#!/usr/bin/env node
// The executable: hands the process over to the program, and nothing else.
import { createInterface } from 'node:readline/promises'
import { optimiseLater } from './engine.ts'
import { main } from './program.ts'
import type { Io, Output } from './io.ts'
import { EXIT } from './io.ts'
import { registry } from './registry.ts'

/** A reader that has gone away (`mqproof list | head -1`) is no error. */
function quiet(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  return { write: (text) => void stream.write(text) }
}

/** A question that is interrupted, or has no answer, is answered with nothing. */
async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
    return await Promise.race([lines.question(question), ended])
  } finally {
    lines.close()
  }
}

const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first asks for a summary; the second means it.
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted)
    interrupt.abort()
  })
}

const wantsColour = process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb'
const io: Io = {
  stdout: quiet(process.stdout),
  stderr: quiet(process.stderr),
  isTTY: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
  colour: (process.stdout.isTTY && wantsColour) || process.env['FORCE_COLOR'] !== undefined,
  columns: process.stdout.columns ?? 100,
  cwd: process.cwd(),
  env: process.env,
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
  signal: interrupt.signal,
  nowMs: () => performance.now(),
}

optimiseLater()
const code = await main(process.argv.slice(2), io, registry)
// What was written to a pipe must still leave; after that nothing keeps the process, whatever timers a vendor's client has left running.
const left = (stream: NodeJS.WriteStream): Promise<void> => new Promise((resolve) => stream.write('', () => resolve()))
await Promise.all([left(process.stdout), left(process.stderr)])
process.exit(code)
