/** Adapters that break the protocol: nothing can be concluded from what they say, so the verdict must be unknown, and why. */
export interface Misbehaviour {
  readonly id: string
  readonly title: string
  /** A part of the line that the user must be shown. */
  readonly says: string
  /** In place of the answer to the request that it strikes: what goes to stdout. */
  spoil(answer: string, stdout: (line: string) => void): void
}

const LATE_MS = 7_000

export const MISBEHAVIOURS: readonly Misbehaviour[] = [
  {
    id: 'prints-garbage',
    title: 'prints a line that is no JSON',
    says: 'was it meant for stderr?',
    spoil: (answer, stdout) => {
      stdout('connecting to the broker...')
      stdout(answer)
    },
  },
  {
    id: 'dies',
    title: 'ends by itself',
    says: 'ended by itself (exit code 3)',
    spoil: () => {
      process.stderr.write('out of memory\n')
      process.exit(3)
    },
  },
  {
    id: 'hangs',
    title: 'stops answering',
    says: 'was not answered within',
    spoil: () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    },
  },
  {
    id: 'answers-late',
    title: 'answers after the deadline',
    says: 'was not answered within',
    spoil: (answer, stdout) => {
      setTimeout(() => {
        stdout(answer)
      }, LATE_MS)
    },
  },
  {
    id: 'answers-twice',
    title: 'answers a request twice',
    says: 'was answered before',
    spoil: (answer, stdout) => {
      stdout(answer)
      stdout(answer)
    },
  },
  {
    id: 'answers-strangers',
    title: 'answers a request that nobody made',
    says: 'no request has the id 99999',
    spoil: (answer, stdout) => {
      stdout(answer)
      stdout('{"id":99999,"type":"ok"}')
    },
  },
  {
    id: 'forgets-fields',
    title: 'answers without a field that it must have',
    says: '"offset"',
    spoil: (answer, stdout) => {
      stdout(JSON.stringify({ ...(JSON.parse(answer) as object), offset: '7' }))
    },
  },
]
