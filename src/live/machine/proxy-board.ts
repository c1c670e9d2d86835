/** A proxy for each pair of client and broker, made when it is first asked for; a fault acts on every link that it names, those to come included. */
import { once } from './once.ts'
import type { Direction, Machine, TcpProxy } from './machine.ts'

/** A fault on the link from `on` to `peer`; `peer` "*" is every other node. */
export interface LinkFault {
  readonly on: string
  readonly peer: string
  /** Whether answers pass. */
  readonly oneWay: boolean
  begin(proxy: TcpProxy, direction: Direction, effect: () => void): () => void
}

interface Link {
  readonly client: string
  readonly broker: string
  readonly proxy: TcpProxy
}

interface Acting {
  readonly fault: LinkFault
  readonly effect: () => void
  readonly undo: (() => void)[]
}

/** Which way the fault acts on the link, from the client's side; null if it does not. */
function directionOn({ client, broker }: Link, { on, peer, oneWay }: LinkFault): Direction | null {
  const fromClient = on === client && (peer === broker || peer === '*')
  const fromBroker = on === broker && (peer === client || peer === '*')
  if (!fromClient && !fromBroker) return null
  if (!oneWay) return 'both'
  return fromClient ? 'requests' : 'responses'
}

export class ProxyBoard {
  private readonly machine: Pick<Machine, 'proxy'>
  private readonly ports: ReadonlyMap<string, number>
  private readonly links: Link[] = []
  private readonly opened = new Map<string, Promise<TcpProxy>>()
  private readonly acting = new Set<Acting>()

  /** @param ports where each broker listens. */
  constructor(machine: Pick<Machine, 'proxy'>, ports: ReadonlyMap<string, number>) {
    this.machine = machine
    this.ports = ports
  }

  /** Where this client reaches this broker. */
  async portFor(client: string, broker: string): Promise<number> {
    const key = JSON.stringify([client, broker])
    const proxy = this.opened.get(key) ?? this.open(client, broker)
    this.opened.set(key, proxy)
    return (await proxy).port
  }

  /** @returns what ends the fault. */
  begin(fault: LinkFault, effect: () => void): () => void {
    const one: Acting = { fault, effect: once(effect), undo: [] }
    this.acting.add(one)
    for (const link of this.links) act(one, link)
    return () => {
      if (!this.acting.delete(one)) return
      for (const undo of one.undo) undo()
    }
  }

  private async open(client: string, broker: string): Promise<TcpProxy> {
    const port = this.ports.get(broker)
    if (port === undefined) throw new Error(`no broker is called ${broker}`)
    const link = { client, broker, proxy: await this.machine.proxy(port) }
    this.links.push(link)
    for (const one of this.acting) act(one, link)
    return link.proxy
  }
}

function act(one: Acting, link: Link): void {
  const direction = directionOn(link, one.fault)
  if (direction !== null) one.undo.push(one.fault.begin(link.proxy, direction, one.effect))
}
