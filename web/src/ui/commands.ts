import { useEffect, useSyncExternalStore } from 'react'

/** Something the command palette offers beside records. Screens add theirs while they are open. */
export interface Command {
  id: string
  title: string
  /** Icon name as in the catalogue. */
  icon?: string
  group: 'here' | 'go' | 'create' | 'settings'
  /** Further words it is found by, such as its name in the other language. */
  words?: string
  shortcut?: string
  run(): void
}

let lists: { owner: symbol; commands: Command[] }[] = []
let all: Command[] = []
const listeners = new Set<() => void>()

function changed() {
  all = lists.flatMap((l) => l.commands)
  for (const l of listeners) l()
}

/** Give the same array as long as nothing changed (useMemo), or it is registered again on every draw. */
export function useCommands(commands: Command[]) {
  useEffect(() => {
    const owner = Symbol()
    lists = [{ owner, commands }, ...lists]
    changed()
    return () => {
      lists = lists.filter((l) => l.owner !== owner)
      changed()
    }
  }, [commands])
}

export const useAllCommands = (): Command[] =>
  useSyncExternalStore(
    (l) => {
      listeners.add(l)
      return () => listeners.delete(l)
    },
    () => all,
  )
