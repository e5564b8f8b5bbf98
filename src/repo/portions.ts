const MOST = 200
const MOST_CHARACTERS = 20_000 // Windows allows 32,767 for a whole command line

/** Splits paths into lists that each fit on a command line. Keeps order and never drops a path. */
export function portions(paths: readonly string[]): string[][] {
  const lists: string[][] = []
  let characters = 0
  for (const path of paths) {
    const last = lists.at(-1)
    characters += path.length + 1
    if (last && last.length < MOST && characters <= MOST_CHARACTERS) last.push(path)
    else {
      lists.push([path])
      characters = path.length + 1
    }
  }
  return lists
}
