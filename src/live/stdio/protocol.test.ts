/** The page that adapters are written by, and the code that reads what they write, say the same. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DEFECTS } from './broken/defects.ts'
import { AdapterLine, Request, toBytes, toText, type RequestType } from './protocol.ts'
import { answerOf, BadLine, idOf, isAnswer, objectOf, pushOf, unknownFields } from './reading.ts'

const PAGE = readFileSync(new URL('../../../spec/adapter-protocol.md', import.meta.url), 'utf8')
const asked = PAGE.split('\n').filter((line) => line.startsWith('→ '))
const said = PAGE.split('\n').filter((line) => line.startsWith('← '))

describe('spec/adapter-protocol.md', () => {
  it('shows requests as they are sent, and each of them', () => {
    const requests = asked.map((line) => Request.parse(JSON.parse(line.slice(2))))
    for (const [k, request] of requests.entries()) expect(unknownFields(JSON.parse(asked[k]?.slice(2) ?? ''), request)).toEqual([])
    const types = Request.options.map((option) => option.shape.type.value)
    expect(new Set(requests.map(({ type }) => type))).toEqual(new Set(types))
  })

  it('shows answers and pushes as they are read', () => {
    const types = new Map<number, RequestType>()
    for (const line of PAGE.split('\n')) {
      if (line.startsWith('→ ')) {
        const request = Request.parse(JSON.parse(line.slice(2)))
        types.set(request.id, request.type)
      } else if (line.startsWith('← ')) {
        const raw = objectOf(line.slice(2))
        const message = isAnswer(raw) ? answerOf(types.get(idOf(raw)) ?? 'hello', raw) : pushOf(raw)
        expect(unknownFields(raw, message), line).toEqual([])
        expect(AdapterLine.safeParse(raw).success, line).toBe(true)
      }
    }
    expect(said.length).toBeGreaterThan(20)
  })

  it('has a row for each field of hello', () => {
    for (const field of [
      'success',
      'embedded',
      'faults',
      'claims',
      'capabilities',
      'brokers',
      'offsets',
      'commits',
      'transactions',
      'bytes',
    ]) {
      expect(PAGE).toContain(`| \`${field}\` |`)
    }
  })
})

it('the page lists the defects of the small broker', () => {
  for (const { id, title, convicts } of DEFECTS) expect(PAGE.replace(/ +/g, ' ')).toContain(`| \`${id}\` | ${title} | ${convicts} |`)
})

describe('a complaint', () => {
  const complaint = (line: string, type: RequestType = 'send'): string => {
    try {
      const raw = objectOf(line)
      if (isAnswer(raw)) answerOf(type, raw)
      else pushOf(raw)
      return ''
    } catch (error) {
      if (error instanceof BadLine) return error.message
      throw error
    }
  }

  it('names the field and what was expected', () => {
    expect(complaint('ready')).toBe('not a line of JSON; was it meant for stderr? Only protocol messages may go to stdout')
    expect(complaint('[1]')).toBe('a JSON object was expected')
    expect(complaint('{"id":1}')).toMatch(/^"type" is missing: one of "ok", "fail"/)
    expect(complaint('{"id":1,"type":"ok","offset":"7"}')).toMatch(
      /^the answer "ok" to send: "offset" is "7": a whole number was expected$/,
    )
    expect(complaint('{"id":1,"type":"fail"}')).toMatch(/^the answer "fail" to send: "status" is missing: a string was expected$/)
    expect(complaint('{"id":1,"type":"unsupported"}')).toMatch(/^send can't be unsupported: only createTopic/)
    expect(complaint('{"type":"deliver","delivery":1,"consumer":"c1","topic":"T"}')).toMatch(
      /^deliver: "payload" is missing: a string was expected$/,
    )
    expect(complaint('{"id":1,"type":"ok","protocol":2,"system":"s"}', 'hello')).toMatch(/"protocol" is 2: 1 was expected$/)
    const hello = (more: object): string => complaint(JSON.stringify({ id: 1, type: 'ok', protocol: 1, system: 's', ...more }), 'hello')
    expect(hello({ brokers: [] })).toMatch(/"brokers" is \[\]: a list that is not empty was expected$/)
    expect(hello({ embedded: 'yes' })).toMatch(/"embedded" is "yes": true or false was expected$/)
    expect(hello({ capabilities: { queues: 0 } })).toMatch(/"capabilities.queues" is 0: a whole number, 1 or more, was expected$/)
    expect(hello({ capabilities: { modes: ['fast'] } })).toMatch(
      /"capabilities.modes\[0\]" is "fast": one of "sync", "async", "oneway" was/,
    )
    expect(hello({ contract: 'rabbit' })).toMatch(/"contract" is "rabbit": did you mean rabbitmq\?$/)
    expect(hello({ system: 'my queue' })).toMatch(/"system" is "my queue": a name of letters, digits, "_", "." and "-" was expected$/)
    expect(complaint('{"id":1,"type":"ok","transaction":{}}', 'begin')).toMatch(
      /"transaction" is {}: a string or a whole number was expected$/,
    )
  })

  it('finds what the protocol does not know', () => {
    const raw = objectOf('{"id":1,"type":"ok","protocol":1,"system":"s","capabilites":{},"capabilities":{"offset":true}}')
    expect(unknownFields(raw, answerOf('hello', raw))).toEqual(['capabilites', 'capabilities.offset'])
  })
})

it('payloads travel as they are while they are printable, and come back the same whatever they are', () => {
  expect(toText(Buffer.from('mqproof 1 2'))).toBe('mqproof 1 2')
  for (const bytes of [[], [0], [0xff, 0x0a], [...Buffer.from('base64:AA==')], [...Buffer.from('ü')]]) {
    expect([...toBytes(toText(Uint8Array.from(bytes)))]).toEqual(bytes)
  }
})
