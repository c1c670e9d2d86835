/**
 * Starts a thread of this program, as it was built. When it runs from its sources there are none: whatever loads those here may not be there in
 * a thread, and nothing but the time it takes depends on threads.
 */
import { Worker } from 'node:worker_threads'

/** Most objects live for one run: with more room for the young there is less to collect. */
const YOUNG_MB = 192

const start = (): Worker => new Worker(new URL('./worker.js', import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } })

export const newWorker = import.meta.url.endsWith('.js') ? start : null
