/**
 * Passwords are for the broker alone. What a user has put into --url, --config, --hook or an adapter's command line reaches neither
 * manifests nor histories, evidence or messages: people mail these.
 */

/** Stands where a secret stood. */
export const HIDDEN = '***'

const NAMES = 'pass(?:word|wd|phrase)?|secret|token|credentials?|api[_-]?key|private[_-]?key'
const KEY = new RegExp(`(?:${NAMES})$`, 'i')
/** What is written before a secret, and the secret. */
const PATTERNS: readonly RegExp[] = [
  // amqp://user:password@host
  /([a-z][a-z0-9+.-]*:\/\/[^\s/:@'"]*:)([^\s'"]+)(?=@)/gi,
  // nats://token@host
  /([a-z][a-z0-9+.-]*:\/\/)([^\s/:@'"]+)(?=@)/gi,
  // PGPASSWORD=x, ?token=x, --password x
  new RegExp(`((?:(?:${NAMES})\\s*=\\s*|--?[\\w-]*(?:${NAMES})\\s+)["']?)([^\\s"'&;]+)`, 'gi'),
]
/** A shorter one would be found in many an innocent word; it is hidden where it is named as one. */
const LITERAL_MIN = 4

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const namedIn = (text: string): string[] =>
  PATTERNS.flatMap((pattern) => [...text.matchAll(pattern)]).flatMap(([, , secret = '']) => [secret, decoded(secret)])

function secretsIn(value: unknown, key = ''): string[] {
  if (typeof value === 'string' || typeof value === 'number') return KEY.test(key) ? [String(value)] : namedIn(String(value))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => secretsIn(one, Array.isArray(value) ? key : name))
}

export class Secrets {
  /** The longest first: one may be a part of another. */
  private readonly literals: readonly string[]

  /** What a user has said, in which secrets may be. */
  constructor(...said: readonly unknown[]) {
    const found = new Set(said.flatMap((one) => secretsIn(one)))
    this.literals = [...found].filter((one) => one.length >= LITERAL_MIN && one !== HIDDEN).sort((x, y) => y.length - x.length)
  }

  /** Whether there are any that others than mqproof may repeat. */
  get any(): boolean {
    return this.literals.length > 0
  }

  /** The words themselves, wherever they stand: also in what others have written. */
  hideWords(text: string): string {
    return this.literals.reduce((hidden, one) => hidden.replaceAll(one, HIDDEN), text)
  }

  hide(text: string): string {
    return PATTERNS.reduce((hidden, pattern) => hidden.replace(pattern, `$1${HIDDEN}`), this.hideWords(text))
  }

  /** The same data, without secrets in its texts and without the values of fields that are named as one. */
  hideIn<T>(value: T): T {
    return this.hidden(value, '') as T
  }

  private hidden(value: unknown, key: string): unknown {
    if (KEY.test(key) && (typeof value === 'string' || typeof value === 'number')) return HIDDEN
    if (typeof value === 'string') return this.hide(value)
    if (Array.isArray(value)) return value.map((one) => this.hidden(one, key))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.hidden(one, name)]))
  }

  /** The same error, saying less. */
  hideInError(error: unknown): unknown {
    if (error instanceof Error) error.message = this.hide(error.message)
    return error
  }
}

/** Whether something was hidden in this: it can't be used again as it is. */
export const isHidden = (value: unknown): boolean => JSON.stringify(value).includes(HIDDEN)
