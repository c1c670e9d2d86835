/** What all parts of one live round share. */
import type { Recorder } from '../../history/recorder.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Script } from '../../plan/script.ts'
import type { Target, TopicSetup } from '../target.ts'
import type { Pacer, RoundClock } from './clock.ts'
import type { Deadlines } from './deadlines.ts'
import type { Outstanding } from './outstanding.ts'
import type { Trouble } from './trouble.ts'
import type { RoundNames } from './names.ts'
import type { TellWaiting } from './waiting.ts'

export interface RoundContext {
  /** Names the round; a part of its payloads and of its real names. */
  readonly round: string
  readonly target: Target
  readonly plan: Plan
  readonly script: Script
  readonly names: RoundNames
  readonly clock: RoundClock
  readonly pacer: Pacer
  readonly deadlines: Deadlines
  readonly trouble: Trouble
  /** The recorder, set to the present and to who speaks. */
  readonly record: (process: string) => Recorder
  /** Numbers of operations that the script does not number: far above its own. */
  readonly serial: () => number
  readonly outstanding: Outstanding
  /** Topics that the plan has created so far, by their real names. */
  readonly created: TopicSetup[]
  /** Hears what is waited for. */
  readonly tellWaiting: TellWaiting | undefined
  /** Those among them, and others of which nobody knows whether they exist: all must be removed. */
  readonly mayExist: Set<TopicSetup>
}
