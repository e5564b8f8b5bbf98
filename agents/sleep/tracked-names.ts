import { GitError, GitLate, git } from '../../src/repo/git.ts'

const LOOK_MS = 10_000 // for one name
const LONGEST = 1000 // characters of a name; Linux allows 128 kB for an argument

/**
 * Returns which names occur as whole words in any file of the working tree that git tracks: code, document, fixture, generated. A name
 * whose search timed out counts as found, so that nothing is held against it. Caches answers. One git process a name. Once aborted, it
 * finds none.
 */
export function trackedNames(
  root: string,
  signal?: AbortSignal,
  timeoutMs = LOOK_MS,
): (names: readonly string[]) => Promise<ReadonlySet<string>> {
  const answers = new Map<string, Promise<boolean>>()
  const look = async (name: string): Promise<boolean> => {
    if (name.trim() === '' || name.includes('\0') || name.length > LONGEST) return false // not asked: too long, or a NUL, which no argument can hold
    try {
      await git(root, ['grep', '--quiet', '-I', '--word-regexp', '--fixed-strings', '-e', name], { signal, timeoutMs })
      return true
    } catch (error) {
      if (signal?.aborted || (error instanceof GitError && error.exitCode === 1)) return false
      if (error instanceof GitLate) return true
      throw error
    }
  }
  return async (names) => {
    const found = new Set<string>()
    for (const name of names) {
      if (!answers.has(name)) answers.set(name, look(name))
      if (await answers.get(name)) found.add(name)
    }
    return found
  }
}
