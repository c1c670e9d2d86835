/**
 * Since when processes do what masters do of their own accord: since they came up, or, where masters are elected, since they took up that role. Who is
 * elected anew has not ceased meanwhile.
 */
import type { Event } from '../history/event.ts'
import type { Us } from '../plan/units.ts'

export interface Service {
  readonly t: Us
  readonly seq: number
}

export class Services {
  private readonly begun = new Map<string, Service[]>()
  private readonly masters = new Set<string>()

  on(event: Event, seq: number): void {
    if (event.type !== 'white') return
    const { p, t } = event
    if (event.f === 'up') {
      this.masters.delete(p)
      this.begins(p, { t, seq })
    } else if (event.f === 'leads') this.begins(p, { t, seq })
    else if (event.f === 'role') {
      if (event.v.role === 'slave') this.masters.delete(p)
      else if (!this.masters.has(p)) {
        this.masters.add(p)
        this.begins(p, { t, seq })
      }
    }
  }

  private begins(process: string, service: Service): void {
    this.begun.set(process, [...(this.begun.get(process) ?? []), service])
  }

  /** The last time that it began before that moment, or nothing where the history does not tell. */
  lastBefore(process: string, t: Us): Service | undefined {
    return this.begun.get(process)?.findLast((service) => service.t <= t)
  }
}
