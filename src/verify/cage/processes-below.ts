import { readFileSync } from 'node:fs'

/** Numbers of the processes below one, nearest first, at most `most` and some; Linux. */
export function processesBelow(pid: number, most = Number.POSITIVE_INFINITY): readonly number[] {
  const found: number[] = [pid]
  for (let at = 0; at < found.length && found.length <= most; at++) found.push(...childrenOf(found[at]!))
  return found.slice(1)
}

function childrenOf(pid: number): readonly number[] {
  try {
    // what other threads than the first started is told of the first one too, except by those that start processes themselves
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number)
  } catch {
    return [] // gone meanwhile
  }
}
