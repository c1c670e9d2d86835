/** QRY-1: who looks for messages finds them, all of them and no others, and who traces them changes nothing. */
import { describe, expect, it } from 'vitest'
import { simulate, type Plan } from '../src/index.ts'
import { anyPlan, holds, keeps } from './keeps.ts'

/** Which messages were acknowledged, and to whom each was given. */
function cameTo(plan: Plan): Set<string> {
  const seen = new Set<string>()
  for (const event of simulate(plan).events) {
    if (event.type === 'ok' && event.f === 'send') seen.add(`${event.op} is acknowledged`)
    if (event.type === 'ok' && event.f === 'consume') seen.add(`${event.v.group} is done with ${event.v.message}`)
  }
  return seen
}
const traced = (plan: Plan): Plan => {
  const { cluster } = plan
  return { ...plan, cluster: { ...cluster, config: { ...cluster.config, traceTopicEnable: true, enableMsgTrace: true } } }
}

describe('queries', () => {
  it('find what is there, whatever hashes like it and whatever dies', () => {
    keeps('queries', ['QRY-1', 'IDM-2'], 150)
  })
})

describe('traces', () => {
  it('tell what has happened, and lack nothing where nothing has gone wrong', () => {
    keeps('message-traces', ['QRY-1'], 60)
  })

  it('come to the same with traces and without', () => {
    holds(anyPlan('faultless'), 25, (plan) => {
      expect(cameTo(traced(plan))).toEqual(cameTo(plan))
    })
  })
})
