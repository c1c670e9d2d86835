/**
 * Every run of the tests draws the same examples, so that a red test is red for everybody. `MQPROOF_SEED=N npm run unit` draws others, and
 * so does any campaign.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env['MQPROOF_SEED'] ?? 7) })
