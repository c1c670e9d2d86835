/**
 * The database of one group's application: shared by all its consumers, and alive whatever happens to them. It is no part of RocketMQ; it
 * is here because what an application does about duplicates is decided between a broker and a database.
 *
 * Left out: its own faults. The links to it fail as any others do; a connection carries each statement once and in order.
 */
import type { Receiver } from '../../../../plan/plan.ts'
import { databaseOf } from '../../../../plan/script.ts'
import type { Entry } from '../../../../sim/agenda.ts'
import type { Env, NodeId, Setting } from '../../../../sim/system.ts'
import type { RocketmqConfig } from '../../config.ts'
import { salted, type Query, type QueryAnswer, type RocketmqMessage } from '../../messages.ts'
import type { ReceiverRules } from './rules.ts'
import { execute, forkTables, newTables, type Tables } from './tables.ts'

export interface DatabaseState {
  readonly role: 'database'
  readonly id: NodeId
  readonly group: string
  readonly tables: Tables
  /** delivery → its last statement: a second copy, or one that comes after its successor, finds its connection closed. */
  readonly sessions: Map<number, number>
}

interface Owner {
  readonly name: string
  readonly receiver?: Receiver | undefined
}
export const hasDatabase = ({ receiver }: Owner): boolean => receiver !== undefined

function newDatabase(id: NodeId, { nodes, cluster }: Setting<RocketmqConfig>): DatabaseState {
  const name = nodes[id]?.name
  const group = cluster.groups.find((one) => hasDatabase(one) && databaseOf(one.name) === name)
  if (group === undefined) throw new Error(`${name ?? id} is the database of no group`)
  return { role: 'database', id, group: group.name, tables: newTables(), sessions: new Map() }
}

function onQuery(state: DatabaseState, env: Env<ReceiverRules>, from: NodeId, query: Query): void {
  if ((state.sessions.get(query.op) ?? 0) >= query.number) return
  state.sessions.set(query.op, query.number)
  const { yes, acted } = execute(state.tables, query.statement, env.uptime, env.rules)
  if (acted) env.record.effect(query.op, state.group, query.key, query.message)
  const salt = salted('queryAnswer', query.salt)
  env.send(from, { type: 'queryAnswer', salt, op: query.op, number: query.number, yes } as QueryAnswer)
}

export const database = {
  boot: newDatabase,

  handle(state: DatabaseState, entry: Entry, env: Env<ReceiverRules>): void {
    if (entry.kind !== 'message') return
    const message = entry.body as RocketmqMessage
    if (message.type !== 'query') throw new Error(`a database does not take ${message.type}`)
    onQuery(state, env, entry.from, message)
  },

  fork: (state: DatabaseState): DatabaseState => ({
    ...state,
    tables: forkTables(state.tables),
    sessions: new Map(state.sessions),
  }),
}
