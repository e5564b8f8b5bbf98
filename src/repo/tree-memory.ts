import { join } from 'node:path'
import type { RepoPath } from '../types.ts'
import type { Listing } from './listing.ts'
import type { Repo } from './open-repo.ts'
import { settledState } from './settled-state.ts'

interface Remembered {
  readonly key: readonly string[]
  readonly looked: ReadonlyMap<string, string>
  readonly listing: Listing
}

/**
 * What the last look at a working tree found, for those who look again and again. What is remembered counts only as long as everything that
 * it was made from is unchanged: git's index, git's words on the working tree, the settings, and each file that was looked at.
 */
export class TreeMemory {
  readonly #place: Pick<Repo, 'root' | 'gitDir'>
  #index: { readonly state: string; readonly staged: string } | null = null
  #last: Remembered | null = null

  constructor(place: Pick<Repo, 'root' | 'gitDir'>) {
    this.#place = place
  }

  /** The files of the index. list: asks git. */
  async staged(list: () => Promise<string>): Promise<string> {
    const state = settledState([join(this.#place.gitDir, 'index')])
    if (this.#index && state === this.#index.state) return this.#index.staged
    this.#index = null
    const staged = await list()
    if (state !== null) this.#index = { state, staged }
    return staged
  }

  /** The listing that was made from this key; null: none, or a file that it depends on has changed. */
  listing(key: readonly string[]): Listing | null {
    const last = this.#last
    if (last?.key.length !== key.length || !key.every((part, i) => part === last.key[i])) return null
    for (const [path, state] of last.looked) if (settledState([path]) !== state) return null
    return last.listing
  }

  /** Remembers the listing that is made from this key. look: call it before the state of a path is read. */
  remember(key: readonly string[]) {
    this.#last = null
    const looked = new Map<string, string>()
    let isSettled = true
    return {
      look: (path: RepoPath): void => {
        const absolute = join(this.#place.root, path)
        const state = settledState([absolute])
        if (state === null) isSettled = false
        else looked.set(absolute, state)
      },
      done: (listing: Listing): void => {
        if (isSettled) this.#last = { key, looked, listing }
      },
    }
  }
}
