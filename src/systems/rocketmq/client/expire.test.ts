/** What is worked on for too long goes back, one message of a queue after the other (RMQ-100). */
import { describe, expect, it } from 'vitest'
import { NO_LABELS } from '../../../plan/labels.ts'
import { minutes } from '../../../plan/units.ts'
import { consumer, type ConsumerState } from './consumer.ts'
import { newTask, type Task } from './consumer-state.ts'
import { expireHead } from './expire.ts'
import { find, newProcessQueue, note, take } from './process-queue.ts'
import { onSendBackAnswer } from './sent-back.ts'
import { BROKER, CONSUMER, FakeEnv, settingFor } from './testing/fake-env.ts'

/** Messages from offset 0 on were given to listeners at the beginning. */
function give({ processing }: Task, count: number): void {
  for (let offset = 0; offset < count; offset++) {
    const name = offset + 1
    const content = { message: name, msgId: `p1-0-${name}`, key: '', digest: name, bytes: 100, fails: 0, labels: NO_LABELS }
    const held = take(processing, { ...content, offset, at: offset * 100 })
    if (held !== null) held.givenAt = 0
  }
}

/** A consumer whose listeners have worked on these for longer than they may, and whose first is on its way back. */
function expired(count: number): { state: ConsumerState; task: Task; env: FakeEnv } {
  const state = consumer.boot(CONSUMER, settingFor([], 1))
  const task = newTask('T', { queue: 0, name: '0', broker: BROKER }, false)
  task.phase = 'resting'
  give(task, count)
  state.tasks.push(task)
  const env = new FakeEnv((entry, self) => consumer.handle(state, entry, self))
  env.until(minutes(16))
  expireHead(state, env, 0, 16)
  return { state, task, env }
}

const answer = (state: ConsumerState, env: FakeEnv, accepted: boolean): void =>
  onSendBackAnswer(state, env, { type: 'sendBackAnswer', salt: 0, request: env.last('sendBack').request, accepted })

describe('what has expired', () => {
  it('goes back one after the other, until one of a queue is not taken', () => {
    const { state, env } = expired(3)
    expect(env.of('sendBack').map(({ at }) => at)).toEqual([0])
    answer(state, env, true)
    expect(env.of('sendBack').map(({ at }) => at)).toEqual([0, 100])
    answer(state, env, false)
    expect(env.of('sendBack')).toHaveLength(2)
  })

  it('is followed by the next one, too, when its listener has ended while it was on its way', () => {
    const { state, task, env } = expired(2)
    const held = find(task.processing, 0)
    if (held !== undefined) note(task.processing, held, 'succeeded', env.rules)
    answer(state, env, true)
    expect(env.of('sendBack').map(({ at }) => at)).toEqual([0, 100])
  })

  it('does not wait for one that was on its way before its queue was taken up anew', () => {
    const { state, task, env } = expired(1)
    task.generation++
    task.processing = newProcessQueue(0)
    give(task, 1)
    expireHead(state, env, 0, 16)
    expect(env.of('sendBack')).toHaveLength(2)
  })
})
