/** Each claim on RocketMQ is settled somewhere, and each fact that is cited is written down. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { allFacts } from '../src/cli/fact-sheets.ts'
import { anchors, filesUnder, pages, read, ROOT } from './repository.ts'

describe('facts', () => {
  const listed = new Set(allFacts().map(({ id }) => id))
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
  /** Claims on RocketMQ, from its roles to pulling, and what contradicts itself among them. What comes after is about others. */
  const upTo = (last: number, first = 1): number[] => Array.from({ length: last - first + 1 }, (_, k) => first + k)
  const ids = [
    ...upTo(343).map((n) => `C-${String(n).padStart(3, '0')}`),
    ...[...upTo(26), ...upTo(48, 39), 50, 51].map((n) => `X-${String(n).padStart(2, '0')}`),
  ]

  it('on RocketMQ are all settled somewhere', () => {
    expect(ids.filter((id) => coverage[id] === undefined)).toEqual([])
  })

  it('stand there once each', () => {
    const keys = [...read('spec/coverage.json').matchAll(/^ {2}"([CX]-\d+)":/gm)].map(([, id]) => id)
    expect(keys).toEqual([...new Set(keys)])
  })

  it('point to what exists', () => {
    const pointers = Object.entries(coverage).flatMap(([claim, proofs]) => proofs.map((proof) => ({ claim, what: broken(claim, proof) })))
    expect(pointers.filter(({ what }) => what !== null)).toEqual([])
  })
})
