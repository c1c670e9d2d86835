/**
 * Free ports on loopback. They lie outside of the range from which the kernel takes the ports of outgoing connections: there a client that
 * calls a dead broker again and again would at last be connected to itself, and a broker might not get its port back. Each is the third
 * of eight that are free, since brokers open neighbours of their port as well (RML-006).
 */
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'

const BLOCK = 8
const GIVEN = 2
const TRIES = 1_000
const LOWEST = 10_000
const HIGHEST = 65_535
const ENOUGH = 2_000

export interface PortRange {
  readonly from: number
  readonly to: number
}

/** @param outgoing the kernel's range, as it writes it: two numbers. */
export function portRange(outgoing: string): PortRange {
  const [low = Number.NaN, high = Number.NaN] = outgoing.trim().split(/\s+/).map(Number)
  if (low - LOWEST >= ENOUGH) return { from: LOWEST, to: low - 1 }
  if (HIGHEST - high >= ENOUGH) return { from: high + 1, to: HIGHEST }
  return { from: LOWEST, to: HIGHEST }
}

function kernelRange(): PortRange {
  try {
    return portRange(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'))
  } catch {
    return portRange('')
  }
}

/** Asked by a call, not by listening there: a socket of ours could live on in a process that is being started just then. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
  })
}

export class Ports {
  private readonly range = kernelRange()
  private readonly given = new Set<number>()

  /** A free port, given out once. */
  async next(): Promise<number> {
    for (let i = 0; i < TRIES; i++) {
      const block = randomInt(Math.ceil(this.range.from / BLOCK), Math.floor(this.range.to / BLOCK))
      if (this.given.has(block)) continue
      this.given.add(block)
      const ports = Array.from({ length: BLOCK }, (_, n) => block * BLOCK + n)
      if ((await Promise.all(ports.map(isFree))).every((free) => free)) return block * BLOCK + GIVEN
    }
    throw new Error(`found no eight free ports in a row from ${this.range.from} to ${this.range.to}`)
  }
}
