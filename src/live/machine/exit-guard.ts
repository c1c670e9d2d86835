/**
 * Undoes what is open when the process ends, however it ends: normally, by an error that nobody caught, or by a signal. Only SIGKILL gets
 * past it; what is left then is swept by the next run.
 */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const open = new Set<() => void>()

function undoAll(): void {
  for (const undo of open) undo()
  open.clear()
}

function onSignal(name: NodeJS.Signals): void {
  // Others listen too: they decide when it ends, by closing what is open or by the end of the process.
  if (process.listenerCount(name) > 1) return
  undoAll()
  removeHandlers()
  process.kill(process.pid, name)
}

function addHandlers(): void {
  process.on('exit', undoAll)
  for (const name of SIGNALS) process.on(name, onSignal)
}

function removeHandlers(): void {
  process.off('exit', undoAll)
  for (const name of SIGNALS) process.off(name, onSignal)
}

/** @returns what takes the guard away: all was undone in good time. */
export function guard(undo: () => void): () => void {
  if (open.size === 0) addHandlers()
  open.add(undo)
  return () => {
    if (open.delete(undo) && open.size === 0) removeHandlers()
  }
}
