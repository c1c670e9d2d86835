/** What a thread of `--jobs` starts: everything that the registry knows, at the service of whoever asks. */
import { parentPort } from 'node:worker_threads'
import { serve } from '../harness/worker-protocol.ts'
import { registry } from './registry.ts'
import { toStory } from './story.ts'

if (parentPort === null) throw new Error('this is the program of a worker thread: start mqproof in its place')
serve(parentPort, { subjectOf: registry.subjectOf, toStory })
