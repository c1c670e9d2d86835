/** Markdown for a terminal: enough for the pages of the catalogue, which use headings, lists, bold, code, links and tables. */
import type { Colours } from './colours.ts'

function inline(text: string, colours: Colours): string {
  return text
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replace(/\*\*([^*]+)\*\*/g, (_, bold: string) => colours.bold(bold))
    .replace(/`([^`]+)`/g, (_, code: string) => colours.cyan(code))
}

// Colour codes take no room.
const widthOf = (text: string): number => text.replace(/\u001b\[[0-9;]*m/g, '').length

/** Breaks at blanks; continued lines are indented by `hang`. */
function wrap(text: string, width: number, indent: string, hang: string): string[] {
  const lines: string[] = []
  let line = indent
  let empty = true
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    if (!empty && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line)
      line = hang
      empty = true
    }
    line += empty ? word : ` ${word}`
    empty = false
  }
  return empty ? lines : [...lines, line]
}

interface Block {
  readonly kind: 'heading' | 'item' | 'text' | 'literal' | 'blank'
  readonly text: string
}

/** Joins the lines of a paragraph or item, which Markdown breaks anywhere. */
function blocks(markdown: string): Block[] {
  const found: Block[] = []
  let fenced = false
  for (const line of markdown.split('\n')) {
    const last = found[found.length - 1]
    if (line.startsWith('```')) fenced = !fenced
    else if (fenced || line.startsWith('|')) found.push({ kind: 'literal', text: line })
    else if (line.trim() === '') found.push({ kind: 'blank', text: '' })
    else if (/^#+ /.test(line)) found.push({ kind: 'heading', text: line.replace(/^#+ /, '') })
    else if (/^\s*([-*]|\d+\.) /.test(line)) found.push({ kind: 'item', text: line.replace(/^\s*([-*]|\d+\.) /, '') })
    else if (last?.kind === 'text' || last?.kind === 'item') {
      found[found.length - 1] = { kind: last.kind, text: `${last.text} ${line.trim()}` }
    } else found.push({ kind: 'text', text: line.trim() })
  }
  return found
}

export function renderMarkdown(markdown: string, width: number, colours: Colours): string {
  const lines = blocks(markdown).flatMap((block): string[] => {
    switch (block.kind) {
      case 'blank':
        return ['']
      case 'heading':
        return [colours.bold(block.text)]
      case 'literal':
        return [`    ${block.text}`]
      case 'item':
        return wrap(inline(block.text, colours), width, '  - ', '    ')
      case 'text':
        return wrap(inline(block.text, colours), width, '', '')
    }
  })
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
