/** A crash makes messages invisible to the groups that want them. */
import { javaHash } from '../systems/rocketmq/java-hash.ts'
import { mutant } from './mutant.ts'

export const rebuiltWithoutTags = mutant({
  id: 'rebuilt-without-tags',
  title: 'recovery builds queue entries anew without their tags codes',
  breaks: 'FLT-1',
  bug: 'compare #7689, 2c898c9b31 (no. 4): what recovery builds is not what the dispatcher built',
  rules: { tagsCodeOf: ({ tag }, rebuilt) => (tag === '' || rebuilt ? 0 : javaHash(tag)) },
  preset: 'tags',
})
