/** The reference of a RocketMQ configuration, as a page and as a schema: what may stand in `cluster.config`, as the code itself reads it. */
import { z } from 'zod'
import { ms, seconds } from '../src/plan/units.ts'
import { formatText } from '../src/report/formats.ts'
import { Comments, described } from '../src/report/testing/comments.ts'
import { ConfigInput, REPAIRS } from '../src/systems/rocketmq/config.ts'
import { DEFAULTS, UNLIMITED } from '../src/systems/rocketmq/parameters.ts'

const comments = new Comments(
  ['systems/rocketmq/config.ts', 'systems/rocketmq/parameters.ts', 'plan/access.ts'].map(
    (path) => new URL(`../src/${path}`, import.meta.url),
  ),
)
const OPTIONS = comments.of('ConfigInput')

export const configSchema = (): string =>
  formatText('The configuration of the reference, RocketMQ: cluster.config of a plan', ConfigInput, (json) =>
    described(json, { ...OPTIONS, text: '' }),
  )

/** The properties of the schema, as far as the page shows them. */
interface Option {
  readonly enum?: readonly string[]
  readonly type?: string
  readonly default?: unknown
}

const cell = (text: string): string => text.replaceAll('|', '\\|')
const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``

function valuesOf({ enum: names, type = '' }: Option): string {
  return names === undefined ? type : names.map(code).join(', ')
}

/** Those that are lists of their own stand further down. */
const ELSEWHERE = new Set(['parameters', 'repairs', 'without'])

function optionRows(): string[] {
  const { properties } = z.toJSONSchema(ConfigInput, { io: 'input' }) as { properties: Readonly<Record<string, Option>> }
  return Object.entries(properties)
    .filter(([name]) => !ELSEWHERE.has(name))
    .map(([name, option]) => {
      const usual = option.default === undefined ? '' : code(option.default)
      return `| \`${name}\` | ${cell(valuesOf(option))} | ${usual} | ${cell(OPTIONS.fields.get(name)?.text ?? '')} |`
    })
}

/** Times with the largest unit that leaves them whole. */
function shown(name: string, value: number): string {
  if (value === UNLIMITED) return 'no limit'
  if (!name.endsWith('Us')) return String(value)
  if (value % seconds(1) === 0) return `${value / seconds(1)} s`
  return value % ms(1) === 0 ? `${value / ms(1)} ms` : `${value} µs`
}

/** One comment may be about several numbers, the first of which it stands above. */
function parameterRows(): string[] {
  const { fields } = comments.of('DEFAULTS')
  let text = ''
  return Object.entries(DEFAULTS).map(([name, value]) => {
    const own = fields.get(name)?.text ?? ''
    const same = own === '' || own === text
    text = own === '' ? text : own
    return `| \`${name}\` | ${shown(name, value)} | ${same ? '″' : cell(own)} |`
  })
}

export const configPage = (): string =>
  [
    '# A RocketMQ configuration',
    '',
    'What may stand in `cluster.config` of a plan, and so in a file for `--cluster`; in a story, the same words on its `cluster` line, or',
    "`config NAME JSON`. The page is made from the code that reads it, as is its [JSON Schema](rocketmq-config.schema.json). Names are RocketMQ's own where it",
    'has one; RMQ-nnn are the [facts](../facts/rocketmq.md) on which they rest, and `mqproof explain RMQ-038` says one.',
    '',
    '| option | values | default | what it is |',
    '| --- | --- | --- | --- |',
    ...optionRows(),
    '',
    '## Repairs',
    '',
    'Each is something that RocketMQ does not do, and that changes what it keeps. The preset `hardened` has all of them, but for those listed in',
    '`without`; `rocketmq-5.5` has none, but for those listed in `repairs`. [What is not kept without them](../not-kept.md).',
    '',
    '| repair | what it changes |',
    '| --- | --- |',
    ...Object.entries(REPAIRS).map(([name, what]) => `| \`${name}\` | ${cell(what)} |`),
    '',
    '## Parameters',
    '',
    'Any of these numbers may be another one, in `parameters`: times in microseconds (`Us`), sizes in bytes. ″: as in the line above.',
    '',
    '| parameter | default | what it is |',
    '| --- | --- | --- |',
    ...parameterRows(),
    '',
  ].join('\n')
