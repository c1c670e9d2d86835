/** A forwarder tells the broker that it is done as soon as it has sent a copy: when it dies, or the copy is refused, the message is nowhere. */
import { mutant } from './mutant.ts'

export const copyNotAwaited = mutant({
  id: 'copy-not-awaited',
  title: 'a forwarder commits before its copy is acknowledged',
  breaks: 'SCL-2',
  bug: 'the demanded violation of the catalogue (compare no. 53)',
  rules: { waitsForCopy: () => false },
  preset: 'backlog',
})
