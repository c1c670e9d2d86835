/** What a message says of itself beside its body, and what groups choose messages by: its tag, and its properties. */

export type Properties = Readonly<Record<string, string>>

/** The name under which selectors see the tag. */
export const TAG_PROPERTY = 'TAGS'
const NONE: Properties = {}

/** A value: shared by everything that speaks of the message. */
export class Labels {
  /** Empty where the message has none. */
  readonly tag: string
  /** The application's own. */
  readonly properties: Properties
  /**
   * As selectors see them. RocketMQ keeps the tag among the properties; that a selector may name it is read in its examples, not measured. Left out:
   * the other properties that clients and brokers add.
   */
  readonly seen: Properties
  constructor(tag: string, properties: Properties) {
    this.tag = tag
    this.properties = properties
    this.seen = tag === '' ? properties : { ...properties, [TAG_PROPERTY]: tag }
  }
}

export const NO_LABELS = new Labels('', NONE)

export const labelsOf = (tag = '', properties: Properties = NONE): Labels =>
  tag === '' && Object.keys(properties).length === 0 ? NO_LABELS : new Labels(tag, properties)

/** `amount="5" type="pay"`, by name. */
export const showProperties = (properties: Properties): string =>
  Object.keys(properties)
    .toSorted((x, y) => (x < y ? -1 : 1))
    .map((name) => `${name}=${JSON.stringify(properties[name])}`)
    .join(' ')
