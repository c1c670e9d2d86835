/** What this machine can do, for people: what is missing stands out, with what brings it here. */
import type { Colours } from './colours.ts'
import type { DoctorDocument } from './machine-document.ts'
import { drawTable } from './table.ts'

export function doctorTable({ machine, powerLoss, targets }: DoctorDocument, width: number, colours: Colours): string {
  const mark = (well: boolean): string => (well ? colours.green('ok') : colours.red('missing'))
  const parts = machine.map(({ id, purpose, found, install }) => [
    id,
    mark(found !== null),
    found === null ? `${install}\n${colours.dim(`for ${purpose}`)}` : `${colours.dim(found)}`,
  ])
  const tried = ['power loss', powerLoss.works ? colours.green('ok') : colours.red('no'), `tried: ${powerLoss.seen}`]
  const brokers = targets.map(({ id, title, missing }) => [id, mark(missing === null), missing ?? colours.dim(title)])
  const machineTable = drawTable(
    [{ title: 'machine' }, { title: '' }, { title: 'where, or how to get it' }],
    [...parts, tried],
    width,
    colours,
  )
  const targetTable = drawTable([{ title: 'target' }, { title: '' }, { title: 'what it is, or what is missing' }], brokers, width, colours)
  return brokers.length === 0 ? machineTable : `${machineTable}\n\n${targetTable}`
}
