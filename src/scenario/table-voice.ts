/** What NameServers learn and forget, told where a story is about routing; that a broker registers again is no news. */
import type { WhiteEvent } from '../history/event.ts'
import type { Plan } from '../plan/plan.ts'

/** There is more than one process to route to, or to ask; or something happens to the one that is asked. */
export function isAboutRouting({ cluster, faults }: Plan): boolean {
  if (cluster.nameservers.length > 1 || cluster.brokers.length > 1) return true
  return faults.some((fault) => cluster.nameservers.some((name) => fault.on === name || ('peer' in fault && fault.peer === name)))
}

const WHY = { stopped: 'it stops', closed: 'its connection is closed', demoted: 'its master is a slave now' } as const

export class TableVoice {
  /** What each NameServer knows of each broker. */
  private readonly known = new Map<string, Map<string, string>>()

  tell(event: WhiteEvent): string | null {
    switch (event.f) {
      case 'registered': {
        const topics = event.v.topics.join(', ')
        const table = this.tableOf(event.p)
        if (table.get(event.v.broker) === topics) return null
        table.set(event.v.broker, topics)
        return `registers ${event.v.broker}${topics === '' ? '' : ` with ${topics}`}`
      }
      case 'unregistered':
        this.tableOf(event.p).delete(event.v.broker)
        return `drops ${event.v.broker}: ${WHY[event.v.why]}`
      case 'expired':
        this.tableOf(event.p).delete(event.v.broker)
        return `drops ${event.v.broker}: not heard of for too long`
      case 'down':
        this.known.delete(event.p)
        return null
      default:
        return null
    }
  }

  private tableOf(nameserver: string): Map<string, string> {
    const table = this.known.get(nameserver) ?? new Map<string, string>()
    this.known.set(nameserver, table)
    return table
  }
}
