/** What would be started for a configuration, and which faults it can't have, before anything is. */
import type { FaultKind } from '../../plan/faults.ts'
import type { Intent } from '../factory.ts'
import { DISK_KINDS, lackingDisk, LINK_KINDS, wants } from '../machine/asked-for.ts'
import type { RocketmqLiveConfig } from './config.ts'

export const DISK_MEGABYTES = 1024

/** Why faults of disks and links can't be done through the library. */
export const SDK_NO_DISK = 'durability is not judged through the proxy (RML-062): choose another configuration'
export const SDK_NO_BOARD = 'the clients reach the broker through the proxy of RocketMQ, not through one of ours'
/** Why they are not done to replicas. */
export const REPLICAS_NO_DISK = 'replicas that a controller elects have no disk image: choose another configuration'
export const REPLICAS_NO_BOARD = 'clients find the master by its own address, not through a proxy of ours: choose another configuration'

const both = (noDisk: string, noBoard: string): [FaultKind, string][] => [
  ...DISK_KINDS.map((kind): [FaultKind, string] => [kind, noDisk]),
  ...LINK_KINDS.map((kind): [FaultKind, string] => [kind, noBoard]),
]

function lacking({ client, controller }: RocketmqLiveConfig): Map<FaultKind, string> {
  if (controller !== undefined) return new Map([...both(REPLICAS_NO_DISK, REPLICAS_NO_BOARD), ['diskLoss', REPLICAS_NO_DISK]])
  return client === 'sdk' ? new Map(both(SDK_NO_DISK, SDK_NO_BOARD)) : lackingDisk(DISK_KINDS)
}

const NAMESERVER = 'java org.apache.rocketmq.namesrv.NamesrvStartup'
const BROKER_PROCESS = 'java org.apache.rocketmq.broker.BrokerStartup'
const HA_PORT = 'which RocketMQ opens on all interfaces'

const ofReplicas = (unavailable: Intent['unavailable']): Intent => ({
  processes: [
    `${NAMESERVER}, which is the controller as well`,
    `${BROKER_PROCESS}, twice (who is master is killed, paused and restarted as faults ask)`,
  ],
  mounts: [],
  ports: [
    'the NameServer and the replicas (two ports each), on loopback',
    `the controller, and the replication port of each replica, ${HA_PORT}`,
  ],
  ...(unavailable === undefined ? {} : { unavailable }),
})

export function intentOf(config: RocketmqLiveConfig, faults: ReadonlySet<FaultKind>): Intent {
  const unavailable = lacking(config)
  if (config.controller !== undefined) return ofReplicas(unavailable)
  const isSdk = config.client === 'sdk'
  return {
    processes: [
      NAMESERVER,
      `${BROKER_PROCESS} (killed, paused and restarted as faults ask)`,
      ...(config.slave === undefined ? [] : [`${BROKER_PROCESS}, its slave (takes its place when its disk is lost)`]),
      ...(isSdk ? ['java org.apache.rocketmq.proxy.ProxyStartup'] : []),
    ],
    mounts: !isSdk && wants(faults, DISK_KINDS) ? [`an ext4 image of ${DISK_MEGABYTES} MB for the store, on a loop device`] : [],
    ports: [
      'the NameServer and the broker (two ports), on loopback',
      `the replication port of the broker, ${HA_PORT}`,
      ...(config.slave === undefined ? [] : ['three ports of its slave, of which one is open on all interfaces']),
      ...(isSdk ? ['two ports of its proxy, which RocketMQ opens on all interfaces'] : []),
      ...(!isSdk && wants(faults, LINK_KINDS) ? ['a proxy for each client, on loopback'] : []),
    ],
    unavailable,
  }
}
