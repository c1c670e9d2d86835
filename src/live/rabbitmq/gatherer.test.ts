/** Fewer writes, the same bytes in the same order. */
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Gatherer } from './gatherer.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function recorder(): { stream: Writable; writes: string[] } {
  const writes: string[] = []
  const write = (chunk: Buffer, _: string, done: () => void): void => {
    writes.push(chunk.toString())
    done()
  }
  const writev = (chunks: { chunk: Buffer }[], done: () => void): void => {
    writes.push(chunks.map(({ chunk }) => chunk.toString()).join(''))
    done()
  }
  return { stream: new Writable({ write, writev }), writes }
}

describe('what is said in one turn', () => {
  it('goes out together, also when it is written at the end of the turn', async () => {
    const { stream, writes } = recorder()
    const gatherer = new Gatherer(stream)
    for (const letter of 'abc') {
      gatherer.begin()
      process.nextTick(() => setImmediate(() => stream.write(letter)))
    }
    await turn()
    expect(writes).toEqual([])
    await turn()
    expect(writes).toEqual(['abc'])
  })

  it('waits for nothing that is said later', async () => {
    const { stream, writes } = recorder()
    const gatherer = new Gatherer(stream)
    gatherer.begin()
    stream.write('a')
    await turn()
    await turn()
    gatherer.begin()
    stream.write('b')
    expect(writes).toEqual(['a'])
    await turn()
    await turn()
    expect(writes).toEqual(['a', 'b'])
  })
})
