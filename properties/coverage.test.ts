/** Each claim on roles, routing, queues, storage, flush, producing, ordering and idempotence is settled somewhere, and each fact that is cited is written down. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { anchors, filesUnder, pages, read, ROOT } from './repository.ts'

describe('facts', () => {
  const written = ['rocketmq', 'rocketmq-live', 'rabbitmq'].map((sheet) => read(`spec/facts/${sheet}.md`)).join('\n')
  const listed = new Set([...written.matchAll(/^(?:- \*\*|\| )((?:RM[QL]|RAB)-\w+)/gm)].map((match) => match[1]))
  const citing = [...filesUnder('src', /\.ts$/), ...filesUnder('spec', /\.md$/), ...filesUnder('scenarios', /\.scenario$/)]

  it('are all written down', () => {
    const cited = citing.flatMap((path) => [...read(path).matchAll(/(?:RM[QL]-|RAB-)(?:\d{3}|[PN]\d+)/g)].map(([id]) => ({ path, id })))
    expect(cited.length).toBeGreaterThan(100)
    expect(cited.filter(({ path, id }) => !path.startsWith('spec/facts/') && !listed.has(id))).toEqual([])
  })
})

const Proof = z.union([
  z.strictObject({ guarantee: z.string() }),
  z.strictObject({ test: z.string(), name: z.string() }),
  z.strictObject({ scenario: z.string() }),
  z.strictObject({ study: z.string() }),
])
type Proof = z.infer<typeof Proof>

/** What is wrong with a pointer, or null. */
function broken(claim: string, proof: Proof): string | null {
  if ('guarantee' in proof) return pages.some(({ id }) => id === proof.guarantee) ? null : `no page of ${proof.guarantee}`
  if ('scenario' in proof) return existsSync(join(ROOT, proof.scenario)) ? null : `no ${proof.scenario}`
  if ('test' in proof) {
    const found = existsSync(join(ROOT, proof.test)) && read(proof.test).includes(`'${proof.name}'`)
    return found ? null : `no test "${proof.name}" in ${proof.test}`
  }
  const [page = '', anchor = ''] = proof.study.split('#')
  if (!existsSync(join(ROOT, page))) return `no ${page}`
  if (!anchors(read(page)).includes(anchor)) return `no heading #${anchor} in ${page}`
  return read(page).includes(claim) ? null : `${page} does not mention ${claim}`
}

describe('claims', () => {
  const coverage = z.record(z.string(), z.array(Proof).min(1)).parse(JSON.parse(read('spec/coverage.json')))
  /** Roles, routing, queues; storage, flush, replication; producing, ordering, delivery, idempotence; retries, delays, transactions, filtering; pulling, retention. */
  const themes = [
    [1, 46],
    [47, 61],
    [62, 92],
    [93, 111],
    [112, 142],
    [144, 183],
    [184, 204],
    [205, 226],
    [227, 240],
    [241, 256],
    [257, 276],
    [277, 283],
    [293, 311],
    [312, 324],
    [325, 343],
  ] as const
  const numbers = themes.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, k) => first + k))
  const ids = [
    ...numbers.map((n) => `C-${String(n).padStart(3, '0')}`),
    'X-01',
    'X-02',
    'X-04',
    'X-05',
    'X-06',
    'X-07',
    'X-08',
    'X-09',
    'X-10',
    'X-11',
    'X-13',
    'X-14',
    'X-15',
    'X-18',
    'X-20',
    'X-21',
    'X-22',
    'X-25',
    'X-26',
    'X-39',
    'X-40',
    'X-41',
    'X-42',
    'X-43',
    'X-44',
    'X-45',
    'X-46',
    'X-47',
    'X-48',
    'X-51',
  ]

  it('of every theme that is begun are all settled somewhere', () => {
    expect(ids.filter((id) => coverage[id] === undefined)).toEqual([])
  })

  it('point to what exists', () => {
    const pointers = Object.entries(coverage).flatMap(([claim, proofs]) => proofs.map((proof) => ({ claim, what: broken(claim, proof) })))
    expect(pointers.filter(({ what }) => what !== null)).toEqual([])
  })
})
