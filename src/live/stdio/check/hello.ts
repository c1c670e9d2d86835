/** What a hello offers, and what it costs not to offer more. */
import type { Walk } from './walk.ts'

function costs({ capabilities }: Walk['hello']): string[] {
  const { offsets, read, commits, transactions, queues } = capabilities
  return [
    ...(offsets ? [] : ['no "offsets": ORD-2 is not tested, and ORD-1 only by the order in which messages are read at the end']),
    ...(read ? [] : ['no "read": what a queue holds at the end is read by a group of its own, which is slower']),
    ...(commits ? [] : ['no "commits": ALO-2 and ALO-3 are not tested']),
    ...(transactions === 'none' ? ['no "transactions": TXN-1 and TXN-2 are not tested'] : []),
    ...(queues === 1 ? ['"queues" is 1: topics have one queue'] : []),
  ]
}

function faultsOf(walk: Walk): void {
  const { embedded, brokers } = walk.hello
  const kinds = [...walk.target.faults.kinds]
  if (kinds.length > 0) walk.ok('hello', `faults: ${kinds.join(', ')}`)
  if (embedded && brokers.length > 1)
    walk.warn('hello', `"embedded" with ${brokers.length} brokers: mqproof strikes a process only where it is one broker`)
  if (kinds.length === 0) {
    walk.warn(
      'hello',
      'neither "embedded" nor "faults": DUR-1 and DUR-2 are not tested, and only clients die, unless mqproof is told by --hook how to strike your broker',
    )
  }
}

function claimsOf(walk: Walk): void {
  const { claims } = walk.hello
  for (const { guarantee, source } of claims)
    if (source === '') walk.warn('claims', `the claim about ${guarantee} has no "source": where is that written?`)
  for (const { guarantee, promised, except } of claims) {
    if (promised && except.length === 0)
      walk.warn('claims', `the claim about ${guarantee} changes nothing: it is promised, without "except"`)
  }
  walk.ok(
    'claims',
    claims.length === 0 ? 'none: everything is required of the broker' : `${claims.length}, everything else is required of the broker`,
  )
}

export function walkHello(walk: Walk): Promise<void> {
  const { hello } = walk
  walk.ok('hello', `${hello.system}${hello.version === '' ? '' : ` ${hello.version}`}, through ${hello.client}`)
  if (hello.version === '') walk.warn('hello', 'no "version": the report can\'t say which broker was tested')
  if (hello.client === 'adapter' && !hello.embedded)
    walk.warn('hello', 'no "client": which library, of which version, is between you and the broker?')
  for (const cost of costs(hello)) walk.warn('hello', cost)
  faultsOf(walk)
  claimsOf(walk)
  return Promise.resolve()
}
