/**
 * The one source of choice. Whatever a plan leaves open (a latency, whether a message is lost, which of two simultaneous events
 * goes first) is asked here, by label and key; outcome 0 is always the benign one.
 *
 * A key names content and cause, never a position in the run: then deleting one operation leaves the luck of the others alone, and
 * plans shrink two to three times smaller than with one random stream.
 */
import type { Noise, Policy } from '../plan/plan.ts'
import { hashText, mix, modulo } from '../plan/hash.ts'

export interface Label {
  readonly name: string
  readonly hash: number
}
export const label = (name: string): Label => ({ name, hash: hashText(name) })

export interface Choices {
  /** An integer in [0, n). */
  choose(label: Label, key: number, n: number): number
  /** Which of two events of one instant goes first: the lower, without its sign. Apart from `choose`, since there is one for every event and hardly any matters. */
  tie(key: number): number
  /** The same choices for a world that goes another way from here. Those that remember nothing are their own fork. */
  fork(): Choices
}

/** Choices that remember nothing. */
function forgetful(choose: Choices['choose'], tie: Choices['tie']): Choices {
  const choices: Choices = { choose, tie, fork: () => choices }
  return choices
}

/** Every choice is a hash of (seed, label, key): nothing to save, nothing to replay. */
export function seeded(seed: number): Choices {
  return forgetful(
    (label, key, n) => modulo(mix(mix(seed, label.hash), key), n),
    (key) => mix(seed ^ 0x71e, key),
  )
}

/** Nothing ever happens that the plan does not say. */
export const calm: Choices = forgetful(
  () => 0,
  () => 0,
)

/** Each label is either lively or benign throughout the run: omitting features finds what their mixture hides. */
export function swarm(seed: number): Choices {
  const luck = seeded(seed)
  return forgetful((label, key, n) => (mix(mix(seed, 0x5a), label.hash) & 1 ? luck.choose(label, key, n) : 0), luck.tie)
}

/** Keys fall into eight lanes, and a label gives one lane one outcome: some links and nodes are slow for the whole run, as priorities are in PCT. */
export function lanes(seed: number): Choices {
  const luck = seeded(seed)
  return forgetful((label, key, n) => luck.choose(label, key & 7, n), luck.tie)
}

/** Takes the outcomes that a plan lists and the benign one elsewhere: how a shrunk plan does without its seed. */
export function recorded(noise: readonly Noise[]): Choices {
  const outcomes = new Map(noise.map((one) => [`${one.label} ${one.key} ${one.nth}`, one.value]))
  return following(outcomes, new Map())
}

/** `seen`: how often each label and key was asked for. */
function following(outcomes: ReadonlyMap<string, number>, seen: Map<string, number>): Choices {
  return {
    choose(label, key, n) {
      const id = `${label.name} ${key >>> 0}`
      const nth = seen.get(id) ?? 0
      seen.set(id, nth + 1)
      return Math.min(outcomes.get(`${id} ${nth}`) ?? 0, n - 1)
    },
    tie: () => 0,
    fork: () => following(outcomes, new Map(seen)),
  }
}

/** Passes choices through and lists those that were not benign, so that they can be written into the plan. */
export function recording(inner: Choices): { choices: Choices; noise: Noise[] } {
  const noise: Noise[] = []
  const seen = new Map<string, number>()
  const choices: Choices = {
    choose(label, key, n) {
      const id = `${label.name} ${key}`
      const nth = seen.get(id) ?? 0
      seen.set(id, nth + 1)
      const value = inner.choose(label, key, n)
      if (value !== 0) noise.push({ label: label.name, key: key >>> 0, nth, value })
      return value
    },
    tie: inner.tie,
    // One run, one list.
    fork: () => choices,
  }
  return { choices, noise }
}

export function choicesOf(plan: { seed: number; policy: Policy; noise?: readonly Noise[] | undefined }): Choices {
  if (plan.noise !== undefined) return recorded(plan.noise)
  switch (plan.policy) {
    case 'uniform':
      return seeded(plan.seed)
    case 'calm':
      return calm
    case 'swarm':
      return swarm(plan.seed)
    case 'lanes':
      return lanes(plan.seed)
  }
}
