/**
 * The small broker as an adapter: `main.ts sound`, or the name of a defect or of a misbehaviour. It is what the kit is tried on, and
 * what anybody can try it on: mqproof conform stdio:"node dist/live/stdio/broken/main.js loses"
 */
import { createInterface } from 'node:readline'
import type { Request } from '../protocol.ts'
import { Broker, type Said } from './broker.ts'
import { DEFECTS, rulesWith } from './defects.ts'
import { MISBEHAVIOURS } from './misbehaviours.ts'
import { SOUND } from './rules.ts'

/** The send that a misbehaviour spoils. */
const SPOILED = 40

const [what = 'sound'] = process.argv.slice(2)
const misbehaviour = MISBEHAVIOURS.find((one) => one.id === what)
const rules = misbehaviour === undefined ? rulesWith(what) : SOUND
if (rules === null) {
  const known = ['sound', ...DEFECTS.map(({ id }) => id), ...MISBEHAVIOURS.map(({ id }) => id)]
  process.stderr.write(`there is no broker called ${what}: one of ${known.join(', ')}\n`)
  process.exit(2)
}

const HELLO: Said = {
  type: 'ok',
  protocol: 1,
  system: `small-${what}`,
  version: '1',
  embedded: true,
  success: ['STORED'],
  capabilities: {
    queues: 16,
    offsets: true,
    read: true,
    commits: rules.tellsProgress,
    transactions: 'checked',
    modes: ['sync', 'async'],
    delays: true,
  },
}

const stdout = (line: string): boolean => process.stdout.write(`${line}\n`)
const broker = new Broker(process.env['MQPROOF_DATA'] ?? '.', rules, (message) => stdout(JSON.stringify(message)))

let sends = 0

function respond(request: Request): void {
  const said: Said = request.type === 'hello' ? HELLO : request.type === 'fault' ? { type: 'unsupported' } : broker.answer(request)
  const line = JSON.stringify({ id: request.id, ...said })
  if (request.type === 'send' && ++sends === SPOILED && misbehaviour !== undefined) misbehaviour.spoil(line, stdout)
  else stdout(line)
  if (request.type === 'send' || request.type === 'end' || request.type === 'checked') broker.pump()
}

/** Requests that came in one piece were made at the same time. */
let together: Request[] = []
const requests = createInterface({ input: process.stdin })
requests.on('line', (line) => {
  if (together.length === 0) {
    setImmediate(() => {
      const batch = together
      together = []
      broker.load(batch.filter(({ type }) => type === 'send').length)
      for (const request of batch) respond(request)
    })
  }
  together.push(JSON.parse(line) as Request)
})
requests.on('close', () => {
  process.exit(0)
})
