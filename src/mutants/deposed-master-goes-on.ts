/** A master that stood still while another one was elected goes on taking and acknowledging messages when it wakes. */
import { mutant } from './mutant.ts'

export const deposedMasterGoesOn = mutant({
  id: 'deposed-master-goes-on',
  title: 'a master that nobody has vouched for goes on',
  breaks: 'HA-2',
  bug: 'no. 39, #7017: what a master takes that stood still or was cut off is acknowledged, and cut off later',
  rules: { holdsLease: () => true },
  preset: 'controller',
})
