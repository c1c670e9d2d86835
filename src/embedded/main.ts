// The reference broker as a process of its own: the adapter protocol on stdin and stdout, until stdin ends.
import { createInterface } from 'node:readline'
import { ReferenceAdapter } from './adapter.ts'

const adapter = new ReferenceAdapter((line) => void process.stdout.write(line))

/** An adapter that lost its way says so and goes: mqproof shows the end of its stderr. */
function fall(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
}

process.stdout.on('error', () => process.exit(0))
process.on('uncaughtException', fall)
const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => void adapter.take(line).catch(fall))
lines.on('close', () => {
  adapter.close()
  process.exit(0)
})
