/** RocketMQ's proxy, through which its library speaks to the broker. Faults pass it by: it is neither broker nor client. */
import { join } from 'node:path'
import type { Machine, ManagedProcess } from '../../machine/machine.ts'
import { BrokerDown } from '../../target.ts'
import { pause } from '../../waits.ts'
import { explain } from '../cluster.ts'
import { CLUSTER } from '../config.ts'
import { Link } from '../link.ts'
import { proxySettings, type ProxyPlaces } from '../properties.ts'
import { hasRoute } from '../remoting/admin.ts'
import { isOutage } from '../remoting/connection.ts'
import { startServer } from '../server.ts'

const READY_LIMIT_MS = 60_000
const LOOK_MS = 100
const REQUEST_MS = 2000

export interface ProxySpec extends ProxyPlaces {
  readonly dir: string
  readonly lib: string
}

/** Whether it answers, and knows the cluster. Its remoting port is opened after the one of gRPC. */
async function answers(link: Link): Promise<boolean> {
  try {
    return await hasRoute(await link.open(), CLUSTER, REQUEST_MS)
  } catch (error) {
    if (isOutage(error)) return false
    throw error
  }
}

/** Started when the NameServer knows the broker: before that it would end at once (RML-008). @throws BrokerDown */
export async function startProxy(machine: Machine, places: ProxySpec): Promise<ManagedProcess> {
  const proxy = await startServer(machine, {
    name: 'proxy',
    main: 'org.apache.rocketmq.proxy.ProxyStartup',
    lib: places.lib,
    dir: join(places.dir, 'proxy'),
    heapMegabytes: 256,
    conf: proxySettings(places),
    confOption: '-pc',
  })
  const link = new Link({ address: { host: '127.0.0.1', port: places.remotingPort }, connectMs: REQUEST_MS })
  const limit = performance.now() + READY_LIMIT_MS
  try {
    while (!(await answers(link))) {
      if (proxy.ended !== null) throw new BrokerDown(explain(proxy, `ended (${proxy.ended})`))
      if (performance.now() > limit) throw new BrokerDown(explain(proxy, `does not answer after ${READY_LIMIT_MS / 1000} s`))
      await pause(LOOK_MS)
    }
  } finally {
    link.destroy()
  }
  return proxy
}
