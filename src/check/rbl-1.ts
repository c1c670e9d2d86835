/**
 * RBL-1: allocation is a balanced partition. Members of a group that compute their shares from one view, the same members and the same queues, deal
 * out each queue once; and a member that sees others come or go keeps what is not theirs, where the strategy hashes.
 *
 * What a history says of views comes from the members themselves: whether a view is right is RBL-2's question.
 */
import type { Event, Header, Share } from '../history/event.ts'
import type { Anomaly, Checker, Findings, Judge } from './checker.ts'
import { checker, evidence } from './judge.ts'

/** Of one member, as it computed it last from this view. */
interface Computed {
  readonly event: Share
  readonly share: ReadonlySet<string>
}

interface View {
  readonly members: ReadonlySet<string>
  readonly queues: ReadonlySet<string>
  readonly shares: Map<string, Computed>
  /** Whether all members have computed from it, and what they have was looked at. */
  complete: boolean
}

/** Strategies that promise shares of nearly one size; a hash does not. */
const EVEN: ReadonlySet<string> = new Set(['AVG', 'AVG_BY_CIRCLE'])

const byName = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0)
const keyOf = ({ group, topic, members, queues }: Share['v']): string =>
  [group, topic, members.toSorted(byName).join(), queues.toSorted(byName).join()].join(' ')

class Rbl1 implements Judge {
  /** The first share that had to fit others. */
  first: Share | null = null
  private readonly views = new Map<string, View>()
  /** What each member computed last for a topic. */
  private readonly last = new Map<string, { readonly view: View; readonly strategy: string; readonly share: ReadonlySet<string> }>()
  private readonly anomalies: Anomaly[] = []
  private chances = 0

  on(event: Event): void {
    if (event.type === 'ok' && event.f === 'share') this.computed(event)
  }

  private viewOf({ v }: Share): View {
    const key = keyOf(v)
    const known = this.views.get(key)
    if (known !== undefined) return known
    const made = { members: new Set(v.members), queues: new Set(v.queues), shares: new Map<string, Computed>(), complete: false }
    this.views.set(key, made)
    return made
  }

  private computed(event: Share): void {
    const { v } = event
    const view = this.viewOf(event)
    const share = new Set(v.share)
    this.judgeAlone(event, view, share)
    // A broker that does not know it yet gave it a list of the others: it takes nothing, and waits for the next.
    if (!view.members.has(v.member)) return
    this.judgeMove(event, view, share)
    const before = view.shares.get(v.member)
    if (before === undefined) {
      this.judgeAmong(event, view, share)
    } else if (before.share.size !== share.size || v.share.some((queue) => !before.share.has(queue))) {
      this.report('inconsistent', event, `computed ${shown(before.event)} and then ${shown(event)} from one view`, view)
    }
    view.shares.set(v.member, { event, share })
    if (!view.complete && view.shares.size === view.members.size) this.judgeWhole(event, view)
  }

  /** What can be said of a share by itself. */
  private judgeAlone(event: Share, { members, queues }: View, share: ReadonlySet<string>): void {
    const { v } = event
    const stranger = !members.has(v.member) && share.size > 0
    if (stranger || v.share.some((queue) => !queues.has(queue)))
      this.report('outside its view', event, `took ${shown(event)}, which was not to be had`)
    if (!EVEN.has(v.strategy) || !members.has(v.member)) return
    const least = Math.floor(queues.size / members.size)
    const most = Math.ceil(queues.size / members.size)
    if (share.size >= least && share.size <= most) return
    this.report('unbalanced', event, `has ${share.size} of ${queues.size} queues, as one of ${members.size} members`)
  }

  private judgeAmong(event: Share, view: View, share: ReadonlySet<string>): void {
    for (const [member, other] of view.shares) {
      const both = event.v.share.find((queue) => other.share.has(queue))
      if (both === undefined || member === event.v.member || share.size === 0) continue
      this.report('overlap', event, `has ${event.v.topic}:${both} by the same view as ${other.event.p}, which has it too`, view)
      return
    }
  }

  /** RMQ-102: on a ring, members that come take queues away from others, and give none. */
  private judgeMove(event: Share, view: View, share: ReadonlySet<string>): void {
    const { group, topic, member, strategy } = event.v
    const id = `${group} ${topic} ${member}`
    const before = this.last.get(id)
    this.last.set(id, { view, strategy, share })
    if (before === undefined || strategy !== 'CONSISTENT_HASH' || before.strategy !== strategy) return
    const grown = includes(view.members, before.view.members)
    if (!grown && !includes(before.view.members, view.members)) return
    const [alone, among] = grown ? [before.share, share] : [share, before.share]
    const moved = [...among].find((queue) => view.queues.has(queue) && before.view.queues.has(queue) && !alone.has(queue))
    if (moved === undefined) return
    this.report('moved needlessly', event, `${grown ? 'got' : 'lost'} ${topic}:${moved} when others ${grown ? 'came' : 'left'}`)
  }

  private judgeWhole(event: Share, view: View): void {
    view.complete = true
    if (view.members.size > 1 && view.queues.size > 0) {
      this.chances++
      this.first ??= [...view.shares.values()].find(({ share }) => share.size > 0)?.event ?? event
    }
    const dealt = new Set([...view.shares.values()].flatMap(({ share }) => [...share]))
    const left = [...view.queues].filter((queue) => !dealt.has(queue)).map((queue) => `${event.v.topic}:${queue}`)
    if (left.length > 0) this.report('uncovered', event, `and all others with its view have left ${left.join(', ')} to nobody`, view)
  }

  private report(name: string, event: Share, what: string, view?: View): void {
    const { group, topic, strategy } = event.v
    const others = [...(view?.shares.values() ?? [])]
    const mixed = others.some((other) => other.event.v.strategy !== strategy)
    this.anomalies.push({
      guarantee: 'RBL-1',
      name,
      summary: `${event.p} of ${group} ${what}`,
      t: event.t,
      facts: { group, topic, strategy, mixed },
      events: [event.i],
    })
  }

  end(): Findings {
    return {
      anomalies: this.anomalies,
      evidence: evidence(
        this.chances,
        () => `${this.first?.p ?? ''} and the others of its view computed their shares of ${this.first?.v.topic ?? ''}`,
      ),
    }
  }
}

const shown = ({ v }: Share): string => (v.share.length === 0 ? 'nothing' : v.share.map((queue) => `${v.topic}:${queue}`).join(', '))
const includes = (all: ReadonlySet<string>, some: ReadonlySet<string>): boolean => [...some].every((one) => all.has(one))

export const rbl1: Checker = checker(
  'RBL-1',
  ['share'],
  ['ok share'],
  () => new Rbl1(),
  // One who has something says that it has nothing: whoever else computed from that view leaves it to nobody.
  ({ first }, events) =>
    events.map((event) => {
      if (first === null || event.type !== 'ok' || event.f !== 'share' || event.v.member !== first.v.member) return event
      return keyOf(event.v) === keyOf(first.v) ? { ...event, v: { ...event.v, share: [] } } : event
    }),
  ({ groups }: Header) => (groups.some(({ allocate }) => allocate !== undefined) ? null : 'no group names its strategy'),
)
