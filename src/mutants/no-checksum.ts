/** Recovery looks at lengths alone: a record with a torn body is accepted and delivered. */
import { mutant } from './mutant.ts'

export const noChecksum = mutant({
  id: 'no-checksum',
  title: 'recovery accepts every record whose length fields add up',
  breaks: 'ALO-4',
  bug: 'recovery without checksum, as DUR-3 demands a violation of; what shows is ALO-4',
  rules: { acceptsRecord: (soundness) => soundness.framed },
  preset: 'async',
})
