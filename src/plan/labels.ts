/** What a message says of itself beside its body, and what groups choose messages by: its tag. */

/** A value: shared by everything that speaks of the message. */
export class Labels {
  /** RocketMQ's TAGS property; empty where the message has none. */
  readonly tag: string
  constructor(tag: string) {
    this.tag = tag
  }
}

export const NO_LABELS = new Labels('')

export const labelsOf = (tag = ''): Labels => (tag === '' ? NO_LABELS : new Labels(tag))
