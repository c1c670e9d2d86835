/** What the target says about itself. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Hello } from '../target.ts'
import { claimsOf } from './claims.ts'
import { BROKER, type RabbitmqLiveConfig } from './config.ts'
import type { Server } from './link.ts'
import { ACK } from './producer.ts'

const PACKAGE = 'amqplib'
/** RAB-090: 4.x takes 16 MiB, 3.x more; less what a plan's own limit leaves. */
const BYTES_MAX = 4 << 20
/** Each is a real queue for every group. */
const QUEUES_MAX = 16

const Manifest = z.object({ version: z.string() })

/** The client library is under test too: the version that runs, not the one that was asked for. */
function clientVersion(): string {
  const folder = dirname(createRequire(import.meta.url).resolve(PACKAGE))
  return Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).version
}

export const helloOf = (config: RabbitmqLiveConfig, { version }: Server): Hello => ({
  system: 'rabbitmq',
  contract: 'rabbitmq',
  version,
  client: `${PACKAGE} ${clientVersion()}`,
  brokers: [BROKER],
  capabilities: {
    modes: ['sync', 'async', 'oneway'],
    // Acknowledgements show none; a stream's deliveries do, but that is not enough.
    offsets: false,
    read: false,
    commits: false,
    transactions: 'none',
    queuesMax: QUEUES_MAX,
    bytesMax: BYTES_MAX,
  },
  claims: claimsOf(config),
  success: [ACK],
  config: { version, ...config },
})
