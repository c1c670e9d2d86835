/** The seed of each run of a campaign, drawn from the campaign's seed and the run's number alone, so that any run can be repeated by itself. */
import seedrandom from 'seedrandom'

/** An integer for fast-check, from the campaign's seed and the number of the run (from 1). */
export const runSeed = (campaign: string, run: number): number => seedrandom.alea(`${campaign}/${run}`).int32()
