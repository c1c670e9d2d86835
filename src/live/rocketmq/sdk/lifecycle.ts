/** How clients of the SDK come and go. */
import { messageOf } from '../../../plan/message-of.ts'
import { BrokerDown } from '../../target.ts'
import type { SdkClient } from './module.ts'

/** The library itself tries three times, three seconds each. */
const START_LIMIT_MS = 20_000

const nothing = (): void => undefined

/** What every client is made with. Its own log would lie in the user's home. */
export const clientOptions = (endpoints: string, requestMs: number) => ({
  endpoints,
  namespace: '',
  requestTimeout: requestMs,
  logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
})

/**
 * A client has one topic: with more, the library may miss the answer that its start waits for, when that comes while it asks for the route
 * of the next one, and then waits for ever.
 * @throws BrokerDown when the proxy does not let it in.
 */
async function startUp(client: SdkClient, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came of it in ${START_LIMIT_MS / 1000} s`)), START_LIMIT_MS)
  })
  try {
    await Promise.race([client.startup(), late])
  } catch (error) {
    vanish(client)
    throw new BrokerDown(`${what} does not start: ${messageOf(error)}`)
  } finally {
    clearTimeout(timer)
  }
}

/** All of them or none. @throws BrokerDown */
export async function startAll(clients: readonly SdkClient[], what: string): Promise<void> {
  const started = await Promise.allSettled(clients.map((client) => startUp(client, what)))
  const failed = started.find((one) => one.status === 'rejected')
  if (failed === undefined) return
  for (const client of clients) vanish(client)
  throw failed.reason
}

/** In good order. When the farewell can't be said, the library would leave its connections open. */
export async function leave(client: SdkClient): Promise<void> {
  try {
    await client.shutdown()
  } catch {
    client.rpcClientManager.close()
  }
}

/** As if the process had died: the timers stop and the connections end, and the proxy is told nothing. */
export function vanish(client: SdkClient): void {
  client.rpcClientManager.notifyClientTermination = () => Promise.resolve()
  void leave(client)
}
