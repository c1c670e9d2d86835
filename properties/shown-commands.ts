/** The commands that the written part shows: in fenced blocks, in running text, and in the examples of `--help`. */
import type { CommandLine } from '../src/cli/testing/command-line.ts'
import { filesUnder, read } from './repository.ts'

export interface Shown {
  readonly where: string
  readonly command: string
}

const FENCE = /^```[^\n]*\n(.*?)^```$/gms

const fenced = (text: string): string[] => [...text.matchAll(FENCE)].flatMap((match) => (match[1] ?? '').split('\n'))
/** A span may go on in the next line. */
const spans = (text: string): string[] =>
  [...text.replace(FENCE, '').matchAll(/`([^`]+)`/g)].map((match) => (match[1] ?? '').replace(/\s*\n\s*/g, ' '))

/** Without prompt, variables, comment and redirection; null for what is no command, such as the name of the package. */
function commandOf(line: string): string | null {
  const bare = line
    .trim()
    .replace(/^\$ /, '')
    .replace(/^UPDATE=1 /, '')
    .replace(/\s+#.*$/, '')
    .replace(/\s+> \S+$/, '')
    .trim()
  return /^(?:(?:npx )?mqproof|npm|npx vitest) [a-z]/.test(bare) ? bare.replace(/^npx mqproof/, 'mqproof') : null
}

const commandsIn = (where: string, lines: readonly string[]): Shown[] =>
  lines.flatMap((line) => {
    const command = commandOf(line)
    return command === null ? [] : [{ where, command }]
  })

/** The names of the commands, as help has them. */
export function commandNames(help: string): string[] {
  const [, listed = ''] = help.split('\nCommands:\n')
  return [...listed.matchAll(/^ {2}([a-z]+) .*$/gm)].map((match) => match[1] ?? '').filter((name) => name !== 'help')
}

async function inHelp(line: CommandLine): Promise<Shown[]> {
  const { out } = await line.run('--help')
  const pages = [{ where: 'mqproof --help', out }]
  for (const name of commandNames(out)) pages.push({ where: `mqproof ${name} --help`, out: (await line.run(`${name} --help`)).out })
  return pages.flatMap((page) =>
    commandsIn(
      page.where,
      page.out.split('\n').filter((one) => one.startsWith('  $ ')),
    ),
  )
}

/** Each command once, where it is shown first. */
export async function shownCommands(line: CommandLine): Promise<Shown[]> {
  const pages = ['README.md', 'CHANGELOG.md', ...filesUnder('spec', /\.md$/)].map((path) => ({ path, text: read(path) }))
  const all = [...pages.flatMap(({ path, text }) => commandsIn(path, [...fenced(text), ...spans(text)])), ...(await inHelp(line))]
  return all.filter(({ command }, i) => all.findIndex((other) => other.command === command) === i)
}
