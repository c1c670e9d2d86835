/** Recovery looks at lengths alone: a record with a torn body is accepted and delivered. */
import { mutant } from './mutant.ts'

export const noChecksum = mutant({
  id: 'no-checksum',
  title: 'recovery accepts every record whose length fields add up',
  breaks: 'ALO-4',
  bug: 'demanded violation of DUR-3: recovery without checksum',
  rules: { acceptsRecord: (soundness) => soundness.framed },
  preset: 'async',
})
