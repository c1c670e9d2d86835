/** How a command says which exit code the process ends with. */
export type Exit = (code: number) => void
