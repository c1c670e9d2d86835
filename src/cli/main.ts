#!/usr/bin/env node
// The executable: hands the process over to the program, and nothing else.
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
  signal: interrupt.signal,
  nowMs: () => performance.now(),
}

// Not process.exit: what was written to a pipe must still leave.
process.exitCode = await main(process.argv.slice(2), io, registry)
