/**
 * A campaign as `mqproof run` has it: plans of the default preset (a few operations and faults each, clusters of every sort) are drawn, run,
 * judged for all that is promised, and added up. Once in one thread, and once by as many threads as there are processors, which have
 * started and are warm. Nothing fails in these runs, so nothing is shrunk.
 */
import { availableParallelism } from 'node:os'
import { newWorker } from '../cli/new-worker.ts'
import { registry } from '../cli/registry.ts'
import { presetOf } from '../generate/presets.ts'
import { VERSION } from '../version.ts'
import { runCampaign, type CampaignDocument } from './campaign.ts'
import { rateOfWaiting, type Line } from './measure.bench.ts'
import { WorkerPool } from './worker-pool.ts'

const RUNS = 1_000

async function campaign(pool?: WorkerPool): Promise<CampaignDocument> {
  const subject = registry.subjectOf('rocketmq')
  const { document } = await runCampaign({ subject, preset: presetOf('default'), seed: 'bench', version: VERSION, runs: RUNS, pool })
  return document
}

const common = {
  unit: 'runs',
  warmUps: 2,
  count: ({ runs }: CampaignDocument) => runs,
  detail: ({ steps, traceHash, failures }: CampaignDocument) => ({
    stepsPerRun: Math.round(steps / RUNS),
    traceHash,
    failures: failures.length,
  }),
}

export async function campaigns(): Promise<Line[]> {
  const alone = await rateOfWaiting({
    id: 'campaign',
    what: 'a campaign of the default preset, in one thread',
    ...common,
    body: () => campaign(),
  })
  if (newWorker === null) throw new Error('threads need what was built: npm run bench')
  const size = availableParallelism()
  const pool = new WorkerPool({ start: newWorker, size })
  try {
    while (!pool.ready) await new Promise((resolve) => setImmediate(resolve))
    const what = `the same by all processors: ${size} threads (--jobs ${size})`
    return [
      alone,
      await rateOfWaiting({ id: 'campaign-jobs', what, ...common, warmUps: common.warmUps * size, body: () => campaign(pool) }),
    ]
  } finally {
    await pool.close()
  }
}
