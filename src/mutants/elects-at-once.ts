/** A controller that has come to lead elects a master although its predecessor may have vouched for the old one just now. */
import { mutant } from './mutant.ts'

export const electsAtOnce = mutant({
  id: 'elects-at-once',
  title: 'a controller that comes to lead does not wait for what its predecessor may have promised',
  breaks: 'HA-2',
  bug: 'no. 39, #7017: whoever has not heard a master itself takes it for gone, and what that one still acknowledges is cut off (RMQ-072)',
  rules: { waitsOutLease: () => false },
  preset: 'controller-successions',
})
