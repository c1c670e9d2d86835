/** Which file systems a run has mounted: those of image files in its own directory, and no others. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** The kernel writes blanks and the like as three octal digits. */
const plain = (text: string): string => text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The file behind a loop device; '' for any other device. */
const backingFile = (device: string): string => read(`/sys/block/${basename(device)}/loop/backing_file`).trim()

/**
 * The mount points below `dir` of images below `dir`, the last mounted first. The table's columns: an id, its parent, device, root,
 * mount point, options and tags up to a dash, then type, source and more options.
 */
export function mountsBelow(
  dir: string,
  table: string = read('/proc/self/mountinfo'),
  behind: (device: string) => string = backingFile,
): string[] {
  const rows = table.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ')
    const mount = plain(left.split(' ')[4] ?? '')
    const device = plain(right.split(' ')[1] ?? '')
    return mount.startsWith(`${dir}/`) && behind(device).startsWith(`${dir}/`) ? [mount] : []
  })
  return rows.reverse()
}
