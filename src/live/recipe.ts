/** A recipe: how a broker gets onto this machine, as data, so that it can be shown before anything is done. */

export interface Step {
  readonly title: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
}

export interface RecipeFile {
  readonly path: string
  readonly text: string
}

export interface Recipe {
  readonly id: string
  readonly title: string
  /** Programs that the steps need, and what installs each. */
  readonly needs: readonly { readonly program: string; readonly install: string }[]
  /** Files that the steps read; they are written first. */
  readonly files: readonly RecipeFile[]
  readonly steps: readonly Step[]
  /** Written when every step has ended well. */
  readonly stamp: RecipeFile | null
  /** When all of these exist, the broker is there already. */
  readonly present: readonly string[]
}
