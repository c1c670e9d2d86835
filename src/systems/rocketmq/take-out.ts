/** Takes the item at an index out of a list, in place. Done for every message, where `splice` would make a list of what it has taken. */
export function takeOut<T>(list: T[], index: number): void {
  for (let k = index; k + 1 < list.length; k++) list[k] = list[k + 1] as T
  list.pop()
}
