/**
 * What a listener has failed goes back (RMQ-113). Once the broker has said yes the message comes again from the group's retry topic, or lies with
 * its dead letters, and its place is done with.
 */
import type { GroupPlace, Op } from './event.ts'

/**
 * A consumer asks a broker to take a message back; or, with `copy`, sends a copy of it itself, as a producer does (RMQ-114). `fail`: the broker
 * has said no. `info`: nobody can say, since there was no answer. `broker` is the process that was asked, where the source shows it.
 */
type Request = GroupPlace & { readonly message: number; readonly broker?: string | undefined; readonly copy?: true | undefined }
export type SendBack = Op<'invoke' | 'fail' | 'info', 'sendBack', Request> | SentBack
/** The broker has said yes; `status`: to a copy it has said another yes than SEND_OK (RMQ-055). */
export type SentBack = Op<'ok', 'sendBack', Request & { readonly status?: string | undefined }>
