import { gitDirOf } from '../repo/git-dir-of.ts'
import type { Log } from './log.ts'
import { placeOf } from './place.ts'
import type { OpenWatch } from './watch.ts'
import { watchGit } from './watch-git.ts'
import { type How, isExhausted, type TreeOptions, type TreeWatch, watchTree } from './watch-tree.ts'
import { some } from './words.ts'

export interface KeeperOptions {
  readonly root: string
  readonly commonDir: string
  readonly settings: TreeOptions
  readonly log: Log
  readonly onChange: (path: string) => void
  /** Watches were reopened, so events in between were missed. problem: why they could not be reopened. */
  readonly onReopened: (problem: string | null) => void
}

const WORDS: Readonly<Record<How, string>> = {
  files: 'files with chokidar',
  folders: 'folders',
  poll: 'by asking git now and then',
}

/**
 * Keeps the watches of one working tree open: after changed rules, exhausted watches, and while a repository disappears and comes back.
 */
export class Keeper {
  readonly #options: KeeperOptions
  #tree: (TreeWatch & { readonly readyMs: number }) | null = null
  #git: OpenWatch | null = null
  #place: string | null = null
  #opening: Promise<void> | null = null
  #isClosed = false
  /** Since when the repository is missing; milliseconds since 1970. */
  goneSince: number | null = null

  constructor(options: KeeperOptions) {
    this.#options = options
  }

  get isOpening(): boolean {
    return this.#opening !== null
  }

  /** For `status`. */
  get watching() {
    const tree = this.#tree
    if (!tree) return null
    const { how, why, files, readyMs } = tree
    return { how, why, files, watches: tree.watches + (this.#git?.watches ?? 0), readyMs }
  }

  async open(how: How | 'auto' = this.#options.settings.how): Promise<void> {
    const { root, commonDir, settings, log, onChange } = this.#options
    const started = performance.now()
    await this.#closeWatches()
    this.#place = placeOf(root)
    if (this.#place === null || this.#isClosed) return // the next check reports it
    this.#git = this.#openGit(root, commonDir)
    const tree = await watchTree(
      root,
      { ...settings, how: this.#git ? how : 'poll' },
      {
        onChange,
        onRules: () => this.reopen('ignore rules changed'),
        onTrouble: (error) => {
          if (isExhausted(error))
            this.reopen('the system has no watches left (raise fs.inotify.max_user_watches)', 'poll')
          else log.write(`the watcher says: ${error.message}`)
        },
      },
    )
    this.#tree = Object.assign(tree, { readyMs: Math.round(performance.now() - started) })
    const { watches, readyMs, why } = this.#tree
    log.write(`watching ${WORDS[tree.how]}: ${why}; ${some(watches, 'watch')}, ready after ${readyMs} ms`)
  }

  /** null: no watch is left even for git's own files; a poll detects their changes too. */
  #openGit(root: string, commonDir: string): OpenWatch | null {
    try {
      return watchGit(gitDirOf(root), commonDir, this.#options.onChange)
    } catch (error) {
      if (!isExhausted(error)) throw error
      this.#options.log.write('the system has no watches left (raise fs.inotify.max_user_watches)')
      return null
    }
  }

  reopen(why: string, how?: How): void {
    if (this.#opening || this.#isClosed) return
    const { log, onReopened } = this.#options
    log.write(`watching anew: ${why}`)
    this.#opening = this.open(how).then(
      () => this.#reopened(onReopened, null),
      (error: Error) => this.#reopened(onReopened, `the repository cannot be watched: ${error.message}`),
    )
  }

  /** Checks whether the repository is at its place. Reports 'gone' and 'back' once. */
  checkPlace(now: number): 'same' | 'gone' | 'back' {
    if (this.#opening) return 'same'
    const place = placeOf(this.#options.root)
    if (place === this.#place && place !== null) return 'same'
    if (place === null) {
      if (this.goneSince !== null) return 'same'
      this.goneSince = now
      this.#place = null
      void this.#closeWatches()
      return 'gone'
    }
    this.goneSince = null
    this.reopen('the folder is there again, or is another one')
    return 'back'
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#opening
    await this.#closeWatches()
  }

  #reopened(tell: KeeperOptions['onReopened'], problem: string | null): void {
    this.#opening = null
    if (!this.#isClosed) tell(problem)
  }

  async #closeWatches(): Promise<void> {
    const [tree, git] = [this.#tree, this.#git]
    this.#tree = null
    this.#git = null
    await Promise.all([tree?.close(), git?.close()])
  }
}
