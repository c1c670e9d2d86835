/** The page of what RocketMQ does not keep as it is shipped: one line a weakness, each with the story that shows it and the place that demands it. */
import { UNSWITCHED } from '../src/harness/not-kept-settings.ts'
import { NOT_KEPT, type Shown } from '../src/harness/not-kept.ts'
import { REPAIRS, type Repair } from '../src/systems/rocketmq/config.ts'

const PREFACE = `# What RocketMQ 5.5 does not keep

Each line is a promise that the version as shipped breaks, in the model, by itself or after one fault or two. The model follows RocketMQ's source (the
facts are [here](facts/rocketmq.md)); where the same was seen on a real broker the row of [its table](facts/rocketmq-live.md) is named, and where not,
it is inferred. The page is generated (\`UPDATE=1 npx vitest run properties/not-kept.test.ts\`), and the same list gives the controls.

## What a switch repairs

A cluster of \`preset=hardened\` has all of these switches, one of \`preset=rocketmq-5.5\` none; \`repair=NAME\` adds one. RocketMQ itself has no such
switches: each says what would have to be changed. That a switch is needed is demanded: \`mqproof controls\` runs clusters that are hardened but for it,
and they must break the guarantee.
`

const SETTINGS = `
## What a setting repairs, or nothing does

Here RocketMQ does what its settings say, and these are as shipped; or it does what no setting changes, and the application has to bear it.
`

const link = (id: string): string => `[${id}](guarantees/${id}.md)`
const factLinks = (facts: readonly string[]): string => facts.join(', ')
const story = (name: string): string => `[story](../scenarios/${name}.scenario)`
const seen = ({ live }: Shown): string => (live.length === 0 ? 'inferred' : `seen: ${live.join(', ')}`)
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const head = (titles: readonly string[]): string => `${row(titles)}\n|${titles.map(() => ' --- |').join('')}`

export function notKeptPage(): string {
  const switched = NOT_KEPT.map((one) =>
    row([
      link(one.guarantee),
      `${one.happens} (${factLinks(one.facts)})`,
      `\`${one.repair}\`: ${REPAIRS[one.repair as Repair].replace(/ \([^()]*\)\.$/, '.')}`,
      story(one.story),
      `\`mqproof controls --only ${one.guarantee}\``,
      seen(one),
    ]),
  )
  const others = UNSWITCHED.map((one) =>
    row([link(one.guarantee), `${one.happens} (${factLinks(one.facts)})`, one.instead, story(one.story), seen(one)]),
  )
  return [
    PREFACE,
    head(['guarantee', 'what happens', 'what repairs it', 'shown by', 'demanded by', 'on a real broker']),
    ...switched,
    SETTINGS,
    head(['guarantee', 'what happens', 'what helps', 'shown by', 'on a real broker']),
    ...others,
    '',
  ].join('\n')
}
