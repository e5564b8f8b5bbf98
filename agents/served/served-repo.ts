import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import PQueue from 'p-queue'
import { type Config, type ConfigFlags, readConfig } from '../../src/config/read-config.ts'
import { UserError } from '../../src/errors.ts'
import { factsKey, type RefreshReport, refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { openRepo, type Repo } from '../../src/repo/open-repo.ts'
import { ReopenedRepo } from '../../src/repo/reopened-repo.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { FileNumbers } from './file-numbers.ts'
import type { LastRequest } from './last-request.ts'
import { isBusy, openStores, type Stores } from './open-stores.ts'
import type { ServedIndex } from './served-index.ts'
import { SharedRefresh } from './shared-refresh.ts'
import { type Turns, turnsOf } from './turns.ts'

/** The state of the facts that an answer was made from. */
export interface Freshness {
  readonly head: string
  /** When the facts last changed, in milliseconds since 1970; null: not known. */
  readonly changedAt: number | null
  /** Why the facts could not be brought up to date; null: they are up to date. */
  readonly behind: string | null
}

export interface Fresh extends Freshness {
  readonly repo: Repo
  readonly config: Config
  readonly worktree: number
  /** What the refresh did; null: there was none (`behind`). */
  readonly report: Omit<RefreshReport, 'worktree'> | null
}

type Work<T> = (index: ServedIndex, fresh: Fresh) => Promise<T>

const AT_ONCE = 4 // answers; more would only share the same thread

/**
 * A repository that is served for a long time. Before each answer its facts are brought up to date. One connection writes and another one
 * reads, so that no answer sees a refresh half done. If the git folder cannot be written, both use a copy of the database, which is removed
 * at the end.
 */
export class ServedRepo {
  readonly root: string
  readonly #numbers = new FileNumbers()
  readonly #lastRequest: LastRequest = { words: null }
  readonly #queue = new PQueue({ concurrency: AT_ONCE })
  readonly #refresh: SharedRefresh<Fresh>
  readonly #flags: ConfigFlags
  readonly #database: string
  readonly #turns: Turns
  #stores: Promise<Stores> | null = null
  #opened: ReopenedRepo
  #last: Fresh | null = null // what the next refresh will find if nothing has changed
  #warming: Promise<void> = Promise.resolve()

  /** repo: opened a moment ago. database: of its configuration and the flags. See openServed(). */
  constructor(repo: Repo, flags: ConfigFlags, database: string) {
    this.root = repo.root
    this.#opened = new ReopenedRepo(repo)
    this.#flags = flags
    this.#database = database
    this.#turns = turnsOf(database)
    this.#refresh = new SharedRefresh((signal, onProgress) => this.#update(signal, onProgress))
  }

  /**
   * Answers from facts that are as new as the call. mayRepeat: `work` only reads, so it may begin while the refresh still looks for changes. If
   * there are some, it is stopped, and runs again after the refresh. Throws the signal's reason when aborted, and UserError.
   */
  async answer<T>(
    work: Work<T>,
    signal: AbortSignal,
    { onProgress, mayRepeat = false }: { onProgress?: (done: number, total: number) => void; mayRepeat?: boolean } = {},
  ): Promise<{ readonly result: T; readonly freshness: Freshness }> {
    const over = new AbortController()
    try {
      const early = mayRepeat ? this.#begin(work, AbortSignal.any([signal, over.signal])) : null
      const fresh = await this.fresh(signal, onProgress)
      const kept = early?.(fresh)
      if (!kept) over.abort()
      const result = kept ?? this.#queue.add(async () => work(await this.#indexOf(fresh, signal), fresh), { signal })
      return { result: (await result) as T, freshness: fresh }
    } catch (error) {
      over.abort()
      signal.throwIfAborted()
      if (!existsSync(this.root))
        throw new UserError(`the repository ${this.root} is gone`, 'start the server in another one', { cause: error })
      throw error
    }
  }

  /**
   * Runs long work that writes (a pass, an agent), when other such work has ended. It has a connection of its own and facts that are as new as
   * the call. Answers that are given meanwhile are made from the facts of when it began.
   */
  async work<T>(
    work: (fresh: Fresh, store: Store) => Promise<T>,
    signal: AbortSignal,
    onProgress?: (done: number, total: number) => void,
  ): Promise<T> {
    const fresh = await this.fresh(signal, onProgress)
    return this.#turns.take(async () => {
      const store = openStore(this.#database)
      try {
        return await work(fresh, store)
      } finally {
        store.close()
      }
    }, signal)
  }

  /** Waits until no long work runs or waits. */
  idle(): Promise<void> {
    return this.#turns.idle()
  }

  /** Whether long work runs, or waits for its turn. */
  get isWorking(): boolean {
    return this.#turns.isTaken
  }

  /** Brings the facts up to date; callers at the same time share it. Throws as answer() does. */
  async fresh(signal: AbortSignal, onProgress?: (done: number, total: number) => void): Promise<Fresh> {
    signal.throwIfAborted() // else a refresh would begin that nobody waits for
    return this.#refresh.fresh(signal, onProgress)
  }

  /** If there is a database, opens it and lists the files, so that the first answer waits less. That answer also reports errors of this. */
  warm(): Promise<void> {
    this.#warming = this.#look().catch(() => {})
    return this.#warming
  }

  /** Folders that have a summary in the database. The facts are not brought up to date first. */
  async summarised(limit: number): Promise<readonly string[]> {
    const { reader } = await this.#open()
    return reader.summaries.subjects('module', limit)
  }

  /** Waits until nothing runs, then closes the database. */
  async close(): Promise<void> {
    await this.#turns.idle()
    await this.#warming
    await this.#refresh.idle()
    await this.#queue.onIdle()
    const stores = await this.#stores?.catch(() => null)
    this.#stores = null
    stores?.reader.close()
    stores?.writer.close()
    stores?.copy?.remove()
  }

  async #look(): Promise<void> {
    const { repo } = this.#opened
    if (!existsSync(this.#database)) return
    const { opened, config, reader } = await this.#open()
    const { listing } = await opened.list(config)
    const { id, listing: known, indexedAt } = reader.facts.worktree(repo.root)
    if (known === factsKey(listing, config))
      this.#last ??= { repo, config, worktree: id, head: repo.head, changedAt: indexedAt, behind: null, report: null }
  }

  /**
   * Begins an answer from the facts of the last refresh, unless other answers are being made. Returns a function that takes the present facts,
   * and gives this answer, or null if it was begun from other facts.
   */
  #begin<T>(work: Work<T>, signal: AbortSignal): ((fresh: Fresh) => Promise<unknown> | null) | null {
    const last = this.#last
    if (!last || this.#queue.pending > 0) return null
    let read: { readonly store: Store; readonly state: string } | null = null
    const result = this.#queue.add(
      async () => {
        await setImmediate() // git starts first
        const index = await this.#indexOf(last, signal)
        read = { store: index.store, state: index.store.db.state() }
        return work(index, last)
      },
      { signal },
    )
    result.catch(() => {}) // if the facts differ, nobody waits for it
    const isSame = (fresh: Fresh) =>
      read?.store.db.state() === read?.state && isDeepStrictEqual({ ...fresh, report: null }, { ...last, report: null })
    return (fresh) => (read && isSame(fresh) ? result : null)
  }

  async #indexOf({ repo, config, worktree }: Fresh, signal: AbortSignal): Promise<ServedIndex> {
    const { maxFileBytes, packTokens } = config
    const { reader } = await this.#stores!
    const session = { numbers: this.#numbers, lastRequest: this.#lastRequest }
    return { repo, worktree, maxFileBytes, packTokens, signal, store: reader, ...session }
  }

  /** The repository, and its database. isKnown: it was opened earlier, so that its HEAD may have moved. */
  async #open() {
    const isKnown = this.#opened.isSame
    if (!isKnown) this.#opened = new ReopenedRepo(await openRepo(this.root))
    const { repo } = this.#opened
    const config = await readConfig(repo.root, this.#flags)
    this.#stores ??= openStores(this.#database).catch((error) => {
      this.#stores = null // what is wrong may be mended while the server runs
      throw error
    })
    return { ...(await this.#stores), opened: this.#opened, config, isKnown }
  }

  async #update(signal: AbortSignal, onProgress: (done: number, total: number) => void): Promise<Fresh> {
    const { opened, config, writer, isKnown } = await this.#open()
    let { repo } = opened
    let behind: string | null = null
    let report: Fresh['report'] = null
    const isIndexed = () => writer.facts.worktree(repo.root).listing !== null
    const refresh = async () => {
      const seen = isKnown && isIndexed() ? await opened.look(config) : null
      if (seen) repo = seen.repo
      else if (isKnown) repo = await openRepo(repo.root)
      const list = async () => (seen ?? (await opened.list(config))).listing
      const { worktree: _, ...done } = await refreshFacts(repo, writer, { ...config, list, signal, onProgress })
      report = done
    }
    if (!isIndexed()) await this.#turns.idle()
    try {
      if (!this.#turns.isTaken) await this.#turns.refresh(refresh)
      else {
        behind = 'a pass or an agent runs in this process'
        if (isKnown) repo = await openRepo(repo.root)
      }
    } catch (error) {
      if (!isBusy(error) || !isIndexed()) throw error
      behind = 'another process is writing the database' // a long sleep pass, or a big first index
    }
    const { id, indexedAt } = writer.facts.worktree(repo.root)
    this.#last = { repo, config, worktree: id, head: repo.head, changedAt: indexedAt, behind, report }
    return this.#last
  }
}

/** Serves a repository from the database that its configuration names, or the flags. Throws UserError for a configuration that is wrong. */
export async function openServed(repo: Repo, flags: ConfigFlags): Promise<ServedRepo> {
  const { db = join(repo.commonDir, 'repose', 'repose.db') } = await readConfig(repo.root, flags)
  return new ServedRepo(repo, flags, db)
}
