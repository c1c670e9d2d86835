/** The reference page of the scenario language, its tables made from the tables that read and print scenarios. */
import { CONFIG_WORDS } from '../scenario/config.ts'
import { usage, type Field } from '../scenario/fields.ts'
import { LINK_FAULTS, NODE_FAULTS, OPERATIONS, TEXTLESS, TOPICLESS, verbOf } from '../scenario/forms.ts'
import { GROUP, HEAD, SLAVE, TOPIC, USUAL } from '../scenario/setup.ts'
import { CLUSTER_MEANS, CONFIG_MEANS, GROUP_MEANS, OPERATION_MEANS, TOPIC_MEANS } from './scenario-words.ts'

type Forms = Readonly<Record<string, readonly Field[]>>

const fieldsOf = (fields: readonly Field[]): string => (fields.length === 0 ? '' : `\`${usage(fields).replaceAll('|', '\\|')}\``)

const table = (head: string, forms: Forms, write: (verb: string) => string): string[] => [
  `| ${head} | fields |`,
  '|---|---|',
  ...Object.entries(forms).map(([kind, fields]) => `| \`${write(verbOf(kind))}\` | ${fieldsOf(fields)} |`),
]

const about = (verb: string): string => (TOPICLESS.includes(verb) ? '' : TEXTLESS.includes(verb) ? ' TOPIC' : ' TOPIC ["TEXT"]')

const meanings = (head: string, rows: readonly (readonly [string, string])[], mark = '='): string[] => [
  `| ${head} | meaning |`,
  '|---|---|',
  ...rows.map(([word, meaning]) => `| \`${word}${mark}\` | ${meaning.replaceAll('|', '\\|')} |`),
]

const setup = (): string[] => [
  '## Setup',
  '',
  '| line | what it says |',
  '|---|---|',
  `| \`cluster [WORD=VALUE ...]\` | ${[...CONFIG_WORDS, ...HEAD.map(({ word }) => word)].map((word) => `\`${word}=\``).join(', ')} |`,
  '| `config NAME JSON` | a field of the configuration that has no word above |',
  ...(Object.entries(USUAL) as [string, readonly string[]][]).map(
    ([role, names]) => `| \`${role} NAME ...\` | their names; \`${names.join(' ')}\` when absent |`,
  ),
  `| \`slave NAME\` | ${fieldsOf(SLAVE)}: a process that copies what a broker stores |`,
  '| `controllers NAME..` | who decides which of a broker and its slaves is master, several as a Raft group; `enableControllerMode` has them listen to it |',
  `| \`topic NAME\` | ${fieldsOf(TOPIC)}: there from the beginning |`,
  `| \`group NAME\` | ${fieldsOf(GROUP)} |`,
  '| `expect GUARANTEE TRACEHASH` | what a failure that was found must show again |',
  '',
  ...meanings('of the cluster', CLUSTER_MEANS),
  '',
  ...meanings('`config NAME JSON`', CONFIG_MEANS, ''),
  '',
  ...meanings('of a topic', TOPIC_MEANS),
  '',
  ...meanings('of a group', GROUP_MEANS),
  '',
]

export const scenarioPage = (): string =>
  `${[
    '# The scenario language',
    '',
    'A scenario is a plan written as a story, with the transcript of its run. `mqproof scenario` runs each one and compares; `--update` writes the transcripts anew.',
    'Every plan can be written as a scenario, and back, without loss.',
    '',
    '```',
    '# A comment that tells the story.',
    '# guarantees: DUR-1                     which verdicts the transcript must show; all that were exercised when absent',
    '# twin: RML-036                         rows of the live control table that it re-enacts',
    'cluster preset=rocketmq-5.5 flush=async',
    'topic T queues=1',
    'group g consumers=c1',
    '----',
    'b1 is up; T has queue 0; c1 of g owns T:0',
    '',
    'at 0ms p1 send T "first"',
    'at 300ms b1 power-loss for=1000ms keep=none',
    'drain',
    '----',
    '  ... the transcript, written by mqproof scenario --update',
    '```',
    '',
    'Times are milliseconds with up to three decimals (`12.5ms`). A word with blanks or quotes in it is written as a JSON string. `[word=4]` may be left out.',
    '',
    ...setup(),
    '## Operations',
    '',
    'The same `TEXT` names the message wherever it shows.',
    '',
    ...table('at TIME', OPERATIONS, (verb) => `CLIENT ${verb}${about(verb)}`),
    '',
    ...meanings('of an operation', OPERATION_MEANS),
    '',
    '## Faults of a node',
    '',
    'What each one does is said in [faults.md](faults.md).',
    '',
    ...table('at TIME', NODE_FAULTS, (verb) => `NODE ${verb}`),
    '',
    '## Faults of a link',
    '',
    '`p1>b1` is what p1 sends to b1; `b1>*` is everything that b1 sends. A cut alone may act both ways: `p1|b1`.',
    '',
    ...table('at TIME', LINK_FAULTS, (verb) => `${verb} FROM>TO`),
    '',
    '## The end',
    '',
    '`drain` ends the run: faults are over, sentinels are sent, and the run goes on until every group has read them.',
    '',
    'Every command may end in `salt=N`, which names it in what luck decides; it is only written where it is not the one that follows from the',
    'command itself. `noise LABEL KEY NTH VALUE` fixes one choice of the network or the disk, and `noise none` makes all of them benign: a shrunk',
    'plan needs no seed.',
  ].join('\n')}\n`
