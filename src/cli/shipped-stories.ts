/** The stories that ship, by the names that `mqproof list scenarios` shows and by the guarantees that they are about. */
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { InputError } from '../plan/input-error.ts'
import { nearest } from '../plan/nearest.ts'
import { parseScenario } from '../scenario/parse.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { SCENARIOS_DIR, assetFiles, assetText } from './assets.ts'
import { pathOf } from './files.ts'
import type { Io } from './io.ts'

const FOLDER = 'scenarios'
const ENDING = '.scenario'

export const storyIds = (): string[] => assetFiles(FOLDER, ENDING).map((name) => name.slice(0, -ENDING.length))
/** As it is in the package, and as lists show it. */
export const storyName = (id: string): string => `${FOLDER}/${id}${ENDING}`
export const storyText = (id: string): string => assetText(FOLDER, `${id}${ENDING}`)
export const shippedStory = (id: string): Scenario => parseScenario(storyText(id), storyName(id))
/** Where it is, from where people are. */
export const storyPath = (io: Io, id: string): string => relative(io.cwd, join(SCENARIOS_DIR, `${id}${ENDING}`))

/** With or without its folder and its ending. */
const idOf = (name: string): string => name.replace(/^scenarios\//, '').replace(/\.scenario$/, '')

/** The user's own file where there is one, the shipped story of this name otherwise, and null for what is neither. */
export function fileNamed(io: Io, name: string): string | null {
  if (existsSync(pathOf(io, name))) return name
  const id = idOf(name)
  return storyIds().includes(id) ? storyPath(io, id) : null
}

/** Stories that are about a guarantee, or about any of its family. */
export function storiesAbout(io: Io, name: string): string[] {
  const wanted = name.toUpperCase()
  const isAbout = (guarantee: string): boolean => guarantee === wanted || guarantee.startsWith(`${wanted}-`)
  return storyIds()
    .filter((id) => shippedStory(id).guarantees.some(isAbout))
    .map((id) => storyPath(io, id))
}

export function noSuchFile(name: string): InputError {
  const near = nearest(idOf(name), storyIds())
  const hint = near.length === 0 ? 'mqproof list scenarios shows those that ship' : `did you mean ${near.join(', ')}?`
  return new InputError(`${name}: there is no such file, and no such scenario: ${hint}`)
}
