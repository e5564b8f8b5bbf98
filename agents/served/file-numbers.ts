import type { RepoPath } from '../../src/types.ts'

/** Short names of files, for an agent: a path keeps its number as long as the server runs, whoever asks. */
export class FileNumbers {
  readonly #listed: RepoPath[] = []
  readonly #numbers = new Map<RepoPath, number>()

  /** The number of a path, from 1; a path without one gets the next. */
  of(path: RepoPath): number {
    const known = this.#numbers.get(path)
    if (known !== undefined) return known
    this.#numbers.set(path, this.#listed.push(path))
    return this.#listed.length
  }

  /** The paths in the order of their numbers. */
  get listed(): readonly RepoPath[] {
    return this.#listed
  }
}
