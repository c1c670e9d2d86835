/** By what the guarantees of routing are judged: what NameServers know, which processes are up to know or ask it, and what disturbs them. */
import type { Kind } from '../history/event.ts'
import type { Sort } from './checker.ts'

/** Kinds that a history must have. */
export const REGISTRATIONS: readonly Kind[] = ['white:registered', 'white:unregistered', 'white:expired', 'white:up']

export const HEARD_OF_REGISTRATIONS: readonly Sort[] = [
  'white registered',
  'white unregistered',
  'white expired',
  'white up',
  'white down',
  'fault',
  'phase',
]
