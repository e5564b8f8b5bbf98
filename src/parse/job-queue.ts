import type { ParseJob } from './messages.ts'

/** Jobs that wait for a child process. */
export interface JobQueue {
  readonly size: number
  /**
   * The next jobs for a child, at most `most`, all in one language. loaded: the languages that the child has loaded; the new one is added.
   * Prefers languages that the child has loaded, then those that no child has, longest queue first: a grammar takes up to 200 ms to load,
   * and few need to be loaded twice. O(languages).
   */
  take(loaded: Set<string | null>, most: number): ParseJob[]
  /** Returns jobs that were taken but not done. */
  giveBack(jobs: readonly ParseJob[]): void
}

export function jobQueue(jobs: readonly ParseJob[]): JobQueue {
  const waiting = new Map<string | null, ParseJob[]>()
  const begun = new Set<string | null>()
  let size = 0
  const giveBack = (some: readonly ParseJob[]) => {
    for (const job of [...some].reverse()) {
      const queue = waiting.get(job.language)
      if (queue) queue.push(job)
      else waiting.set(job.language, [job])
    }
    size += some.length
  }
  giveBack(jobs)
  return {
    get size() {
      return size
    },
    take(loaded, most) {
      const rank = (language: string | null) => (loaded.has(language) ? 2 : begun.has(language) ? 0 : 1)
      const [best] = [...waiting].sort(([a, some], [b, others]) => rank(b) - rank(a) || others.length - some.length)
      if (!best) return []
      const [language, queue] = best
      loaded.add(language)
      begun.add(language)
      const taken = queue.splice(-most).reverse()
      if (queue.length === 0) waiting.delete(language)
      size -= taken.length
      return taken
    },
    giveBack,
  }
}
