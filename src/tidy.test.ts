/** Keeps the house in order: what may import what, how long things may get, and what a file must and must not say. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { VERSION } from './version.ts'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const MAX_FILE_LINES = 400
const MAX_FUNCTION_LINES = 70
const MAX_COLUMNS = 170

/** What each folder of src may import, besides itself. Type imports count. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  plan: [],
  history: ['plan'],
  check: ['plan', 'history'],
  contract: ['plan', 'history', 'check'],
  sim: ['plan', 'history', 'check', 'contract'],
  systems: ['plan', 'history', 'check', 'contract', 'sim'],
  mutants: ['plan', 'history', 'check', 'contract', 'sim', 'systems'],
  generate: ['plan', 'history'],
  scenario: ['plan', 'history'],
  harness: ['plan', 'history', 'check', 'contract', 'generate', 'scenario'],
  live: ['plan', 'history', 'check', 'contract', 'generate', 'harness'],
  /** The reference as a live target: the one room that joins both ends of the pipe. */
  embedded: ['plan', 'history', 'check', 'contract', 'sim', 'systems', 'mutants', 'live'],
  report: ['plan', 'history', 'check', 'contract', 'generate', 'scenario', 'harness', 'live'],
  cli: ['plan', 'history', 'check', 'contract', 'generate', 'scenario', 'harness', 'live', 'report'],
}
/** The only files that know every system and mutant. */
const KNOWS_ALL = ['src/cli/registry.ts', 'src/index.ts']
/** A constant that anyone may know. */
const VERSION_FILE = 'src/version.ts'

/**
 * The only files that use each other in a circle, types aside: an operation that ends lets its thread go on, and what comes next may be any of these.
 */
const CIRCLE = ['producer', 'resize', 'send', 'wipe'].map((name) => `src/systems/rocketmq/client/${name}.ts`)

/** The packages that each folder may use; a folder that is not listed may use any. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  plan: ['fastest-levenshtein', 'zod'],
  history: ['zod'],
  check: [],
  contract: ['zod'],
  sim: ['zod', 'immer'],
  systems: ['zod'],
  mutants: [],
  generate: ['fast-check', 'seedrandom', 'zod'],
  scenario: ['fastest-levenshtein', 'zod'],
}

const AT_ROOT = ['.ci', 'dist', 'node_modules', 'properties', 'scenarios', 'spec', 'src', '.git', '.mqproof']

interface Source {
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
  readonly tree: ts.SourceFile
}

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesUnder(path)
    return entry.name.endsWith('.ts') ? [path] : []
  })
}

const read = (path: string): Source => {
  const text = readFileSync(join(ROOT, path), 'utf8')
  return { path, text, lines: text.split('\n'), tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) }
}
const sources = [...filesUnder('src'), ...filesUnder('properties')].map(read)
const isTest = (path: string): boolean => /\.(test|bench)\.ts$/.test(path) || path.includes('/testing/') || path.startsWith('properties/')

/** Every module that a file names, in imports, re-exports and `import()` types. */
function modulesOf({ tree }: Source): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const named = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined
    if (named !== undefined && ts.isStringLiteral(named)) found.push(named.text)
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal))
      found.push(node.argument.literal.text)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      for (const argument of node.arguments) if (ts.isStringLiteral(argument)) found.push(argument.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

/** The files of this repository of which a file uses more than types. */
function usesOf({ path, tree }: Source): string[] {
  return tree.statements.flatMap((node) => {
    if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return []
    const { importClause, moduleSpecifier } = node
    const named = importClause?.namedBindings
    const isTypes =
      importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ||
      (named !== undefined && ts.isNamedImports(named) && named.elements.every(({ isTypeOnly }) => isTypeOnly))
    return isTypes || !moduleSpecifier.text.startsWith('.') ? [] : [join(dirname(path), moduleSpecifier.text)]
  })
}

/** The files that lie on a circle, or between two: whatever uses nothing that is left, or is used by nothing that is, is taken away until nothing can be. */
function onCircles(uses: ReadonlyMap<string, readonly string[]>): string[] {
  const left = new Map(uses)
  for (;;) {
    const used = new Set([...left.values()].flat())
    const free = [...left].filter(([path, others]) => !used.has(path) || !others.some((other) => left.has(other)))
    if (free.length === 0) return [...left.keys()].sort((x, y) => (x < y ? -1 : 1))
    for (const [path] of free) left.delete(path)
  }
}

const folderOf = (path: string): string => path.split('/')[1] ?? ''

/** The imports of one file that go the wrong way. */
function wrongImports(source: Source): string[] {
  const own = folderOf(source.path)
  const allowed = [own, ...(MAY_IMPORT[own] ?? [])]
  const packages = MAY_USE[own]
  return modulesOf(source).flatMap((module) => {
    const complaint = `${source.path} imports ${module}`
    if (!module.startsWith('.')) return packages === undefined || packages.includes(module) ? [] : [complaint]
    if (!module.endsWith('.ts')) return [`${complaint}: write the .ts ending`]
    const target = relative(ROOT, join(ROOT, dirname(source.path), module))
    return allowed.includes(folderOf(target)) || target === VERSION_FILE || (own === 'cli' && KNOWS_ALL.includes(target)) ? [] : [complaint]
  })
}

function longFunctions({ tree, path }: Source): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const from = tree.getLineAndCharacterOfPosition(node.getStart()).line
      const lines = tree.getLineAndCharacterOfPosition(node.end).line - from + 1
      if (lines > MAX_FUNCTION_LINES) found.push(`${path}:${from + 1} has a function of ${lines} lines`)
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

describe('imports', () => {
  it('go one way', () => {
    const judged = sources.filter(({ path }) => path.split('/').length > 2 && !isTest(path) && !KNOWS_ALL.includes(path))
    expect(judged.flatMap(wrongImports)).toEqual([])
  })

  it('name no place on this machine', () => {
    const absolute = sources.flatMap((source) =>
      modulesOf(source)
        .filter((module) => module.startsWith('/'))
        .map((module) => `${source.path}: ${module}`),
    )
    expect(absolute).toEqual([])
  })

  it('of files go in no circle', () => {
    const judged = sources.filter(({ path }) => path.startsWith('src/') && !isTest(path))
    expect(onCircles(new Map(judged.map((source) => [source.path, usesOf(source)])))).toEqual(CIRCLE)
  })

  it('are not circular in the table', () => {
    const depth = (folder: string, seen: readonly string[]): void => {
      expect(seen).not.toContain(folder)
      for (const next of MAY_IMPORT[folder] ?? []) depth(next, [...seen, folder])
    }
    for (const folder of Object.keys(MAY_IMPORT)) depth(folder, [])
  })
})

describe('size', () => {
  it('of files', () => {
    expect(
      sources.filter(({ lines }) => lines.length - 1 > MAX_FILE_LINES).map(({ path, lines }) => `${path}: ${lines.length - 1} lines`),
    ).toEqual([])
  })

  it('of functions', () => {
    expect(sources.filter(({ path }) => !isTest(path)).flatMap(longFunctions)).toEqual([])
  })

  it('of lines', () => {
    const long = sources.flatMap(({ path, lines }) =>
      lines.flatMap((line, i) => (line.length > MAX_COLUMNS ? [`${path}:${i + 1}: ${line.length} columns`] : [])),
    )
    expect(long).toEqual([])
  })
})

describe('text', () => {
  it('of each file opens with what the file is for', () => {
    const silent = sources.filter(({ text }) => !/^(#!.*\n)?\/[/*]/.test(text))
    expect(silent.map(({ path }) => path)).toEqual([])
  })

  it('has no notes to self and no switched-off checks', () => {
    // Written in pieces, so that this file does not find itself.
    const words = [
      'TO' + 'DO',
      'FIX' + 'ME',
      'X' + 'XX',
      '@ts-' + '(ignore|nocheck|expect-error)',
      'as unknown' + ' as',
      'eslint' + '-disable',
    ]
    const banned = new RegExp(words.join('|'))
    const found = sources.flatMap(({ path, lines }) =>
      lines.flatMap((line, i) => (banned.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
    )
    expect(found.filter((line) => !line.startsWith('src/lint.test.ts'))).toEqual([])
  })

  it('has no test that is skipped or alone', () => {
    const skipped = new RegExp('\\b(it|test|describe)\\.(' + 'only|skip|todo' + ')\\b')
    expect(sources.filter(({ text, path }) => isTest(path) && skipped.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('has no semicolon at the end of a line', () => {
    const found = sources.flatMap(({ path, tree }) =>
      tree.statements.filter((one) => one.getText().endsWith(';')).map((one) => `${path}: ${one.getText().slice(0, 60)}`),
    )
    expect(found).toEqual([])
  })
})

describe('versions', () => {
  it('in the code and in the package are the same', () => {
    expect(readFileSync(join(ROOT, 'package.json'), 'utf8')).toContain(`"version": "${VERSION}"`)
  })
})

describe('folders', () => {
  const foldersIn = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))

  it('of src are known', () => {
    expect(foldersIn('src').filter((name) => MAY_IMPORT[name] === undefined)).toEqual([])
  })

  it('of src hold sources only', () => {
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    // Adapters may be written in any language, and so are their examples.
    const isExample = ({ parentPath }: { parentPath: string }): boolean => parentPath.endsWith(join('live', 'stdio', 'examples'))
    const isSource = ({ name }: { name: string }): boolean => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.startsWith('tmp')
    const strange = files.filter((file) => !isSource(file) && !isExample(file))
    expect(strange.map(({ name }) => name)).toEqual([])
  })

  it('at the root are known', () => {
    expect(foldersIn('.').filter((name) => !AT_ROOT.includes(name))).toEqual([])
  })
})
