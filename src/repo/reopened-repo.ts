import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { GitError } from './git.ts'
import { type ListOptions, readTree } from './list-files.ts'
import type { Listing } from './listing.ts'
import { atHead, type Repo } from './open-repo.ts'
import { settledState } from './settled-state.ts'
import { TreeMemory } from './tree-memory.ts'

/** A repository with the files of its working tree, both of one moment. */
interface Seen {
  readonly repo: Repo
  readonly listing: Listing
}

/** A repository that was opened before, for those who look at it again and again: usually with one git process instead of three. */
export class ReopenedRepo {
  readonly repo: Repo
  readonly #memory: TreeMemory
  readonly #places: string | null

  constructor(repo: Repo) {
    this.repo = repo
    this.#memory = new TreeMemory(repo)
    this.#places = placesOf(repo)
  }

  /** False: openRepo() may find another repository, or none, at the same root. */
  get isSame(): boolean {
    return this.#places !== null && placesOf(this.repo) === this.#places
  }

  /** The commit and the files of now. null: openRepo() says what is wrong. Call it only while isSame. */
  async look(options: ListOptions): Promise<Seen | null> {
    try {
      const { listing, head } = await this.list(options)
      return head === null ? null : { repo: atHead(this.repo, head), listing }
    } catch (error) {
      if (error instanceof GitError) return null
      throw error
    }
  }

  /** The commit and the files of now. */
  async list(options: ListOptions) {
    return readTree(this.repo.root, options, this.#memory)
  }
}

/** What decides where git finds a repository and its parts. null: some of it was written a moment ago. */
function placesOf({ root, gitDir, commonDir }: Repo): string | null {
  const files = [join(gitDir, 'commondir'), join(gitDir, 'config.worktree'), join(commonDir, 'config')]
  const link = join(root, '.git')
  const folders = [root, link, gitDir, commonDir].map(folderState)
  // the times of a folder change with each file in it
  const written = settledState(folders[1] === null ? [link, ...files] : files)
  return written === null ? null : [...folders, written].join('\n')
}

/** Which folder is at a path; null: none. */
function folderState(path: string): string | null {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return stats?.isDirectory() ? `${stats.dev} ${stats.ino} ${stats.mode} ${stats.uid}` : null
}
