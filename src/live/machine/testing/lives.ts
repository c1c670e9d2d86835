/** A run for the tests to end in every way: `lives.ts ROOT HOW`. It prints its directory, then does what it is told. */
import { whyNoDisk } from '../abilities.ts'
import { Workplace } from '../workplace.ts'

const [root = '', how = ''] = process.argv.slice(2)
const place = await Workplace.open(root)
await place.spawn({ name: 'plain', command: 'sleep', args: ['100'] })
await place.spawn({ name: 'strayed', command: 'sh', args: ['-c', 'setsid sleep 100 & sleep 100'] })
const stopped = await place.spawn({ name: 'stopped', command: 'sleep', args: ['100'] })
// Without a mark, as of a program that clears its environment; the journal has its number.
await place.spawn({ name: 'unmarked', command: 'env', args: ['-i', 'sleep', '100'] })
stopped.pause()
if (whyNoDisk() === null) {
  const disk = await place.disk('data', 8)
  await place.spawn({ name: 'writer', command: 'sh', args: ['-c', 'exec sleep 100 > busy'], cwd: disk.mount })
  await disk.freeze()
}
process.stdout.write(`${place.dir}\n`)
switch (how) {
  case 'throw':
    setTimeout(() => {
      throw new Error('nobody catches this')
    }, 10)
    break
  case 'exit':
    process.exit(7)
    break
  case 'close':
    await place.close()
    break
  default:
    setInterval(() => undefined, 1_000)
}
