import { readdirSync, readFileSync } from 'node:fs'

/** Pids of a process's descendants, nearest first, at most slightly more than `most`. Linux only. */
export function processesBelow(pid: number, most = Number.POSITIVE_INFINITY): readonly number[] {
  const found: number[] = [pid]
  for (let at = 0; at < found.length && found.length <= most; at++) found.push(...childrenOf(found[at]!))
  return found.slice(1)
}

/** Each thread has its own children. */
function childrenOf(pid: number): readonly number[] {
  try {
    const lists = readdirSync(`/proc/${pid}/task`).map((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1'),
    )
    return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number))
  } catch {
    return [] // ended meanwhile, or the kernel does not report them
  }
}
