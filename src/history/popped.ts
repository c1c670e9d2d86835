/** What pop consumers say of the messages that they have taken, and what can be said of any message that somebody was given. */
import type { Us } from '../plan/units.ts'
import type { ConsumeFail, ConsumeInvoke, ConsumeOk, Expire, GroupPlace, Op } from './event.ts'
import type { SendBack } from './send-back.ts'

/** A pop consumer tells the broker that it is done with a message that it took from there: the broker has taken note once it is `ok`. */
export type Ack = Op<'invoke' | 'ok', 'ack', GroupPlace & { message: number }>
/** It asks that the message be hidden for another time instead, which counts from when the broker has agreed. */
export type Hide =
  Op<'invoke', 'hide', GroupPlace & { message: number }> | Op<'ok', 'hide', GroupPlace & { message: number; hiddenForUs: Us }>

export type Taken = ConsumeInvoke | ConsumeOk | ConsumeFail | SendBack | Expire | Ack | Hide
