/** Every repair that a row may name: the contract knows a configuration as data, not the model that has them. */
export const REPAIRS = [
  'waitOutLocks',
  'refuseOtherLog',
  'strictRaft',
  'forceQueuesFirst',
  'wholeBatches',
  'forceRecovered',
  'checksumWholeRecord',
  'checkpointAfterForce',
  'keepKeyIndex',
  'stopOnForceError',
  'dispatchForcedOnly',
  'waitForInternalWrites',
  'endTxnOnce',
  'clampStoredOffsets',
  'checksReturned',
  'compareIndexedKeys',
]
