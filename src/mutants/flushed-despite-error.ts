/** The flushed position advances although the force failed, so a send is acknowledged on a disk that never took it. */
import { mutant } from './mutant.ts'

export const flushedDespiteError = mutant({
  id: 'flushed-despite-error',
  title: 'a failed force moves the flushed position all the same',
  breaks: 'DUR-4',
  bug: '#9713, 93f60db5f6 (no. 8)',
  rules: { flushedAfterError: (_flushedTo, attempted) => attempted },
  preset: 'hardened',
})
