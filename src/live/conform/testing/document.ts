/** A campaign that came to nothing in particular, for tests of what is made of one. */
import { NO_COUNTS } from '../counts.ts'
import type { ConformDocument, ConformGuarantee } from '../document.ts'

export const conformed = (guarantees: readonly ConformGuarantee[], changed: Partial<ConformDocument> = {}): ConformDocument => ({
  mqproof: '0',
  command: 'conform',
  target: 'fake',
  seed: '1',
  runs: 1,
  steps: 1,
  simulatedMs: 1,
  wallMs: 1,
  traceHash: '',
  interrupted: false,
  broken: '',
  downs: [],
  faults: {},
  clientFaults: {},
  counts: NO_COUNTS,
  guarantees,
  failures: [],
  known: { seen: [], gone: [] },
  claims: [],
  manifest: null,
  ...changed,
})
