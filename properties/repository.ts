/** The files of the repository, for the tests that hold its written part against its code. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
export const read = (path: string, root = ROOT): string => readFileSync(join(root, path), 'utf8')

export const filesUnder = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesUnder(path, ending)
    return ending.test(entry.name) ? [path] : []
  })

/** As GitHub makes anchors of headings. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replace(/ /g, '-')
/** The anchors of a page. */
export const anchors = (text: string): string[] => [...text.matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? ''))

/** The pages of the guarantees. */
export const pages = filesUnder('spec/guarantees', /\.md$/).map((path) => ({ id: path.replace(/^.*\/|\.md$/g, ''), text: read(path) }))
