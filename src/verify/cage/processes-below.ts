import { readdirSync, readFileSync } from 'node:fs'

/** Numbers of the processes below one, nearest first, at most `most` and some; Linux. */
export function processesBelow(pid: number, most = Number.POSITIVE_INFINITY): readonly number[] {
  const found: number[] = [pid]
  for (let at = 0; at < found.length && found.length <= most; at++) found.push(...childrenOf(found[at]!))
  return found.slice(1)
}

/** Each thread has children of its own. */
function childrenOf(pid: number): readonly number[] {
  try {
    const lists = readdirSync(`/proc/${pid}/task`).map((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1'),
    )
    return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number))
  } catch {
    return [] // gone meanwhile, or a kernel that does not tell
  }
}
