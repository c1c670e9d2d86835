/** Where things lie on this machine: brokers that were provisioned once and for all, and the private places of running campaigns. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

type Env = Readonly<Record<string, string | undefined>>

/** `MQPROOF_HOME`, or a cache directory of the user's. */
export function mqproofHome(env: Env = process.env): string {
  const wanted = env['MQPROOF_HOME']
  return wanted === undefined || wanted === '' ? join(homedir(), '.cache', 'mqproof') : resolve(wanted)
}

export const brokersDir = (env: Env = process.env): string => join(mqproofHome(env), 'brokers')

/** Under it each running campaign has a directory of its own. */
export const liveRoot = (cwd: string): string => join(cwd, '.mqproof', 'live')
