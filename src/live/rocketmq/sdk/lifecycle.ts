/** How clients of the SDK come and go. */
import { BrokerDown } from '../../target.ts'
import type { SdkClient } from './module.ts'

const nothing = (): void => undefined

/** What every client is made with. Its own log would lie in the user's home. */
export const clientOptions = (endpoints: string, requestMs: number) => ({
  endpoints,
  namespace: '',
  requestTimeout: requestMs,
  logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
})

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** @throws BrokerDown when the proxy does not let it in. */
export async function startUp(client: SdkClient, what: string): Promise<void> {
  try {
    await client.startup()
  } catch (error) {
    vanish(client)
    throw new BrokerDown(`${what} does not start: ${said(error)}`)
  }
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
