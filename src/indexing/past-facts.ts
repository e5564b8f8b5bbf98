import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { UserError } from '../errors.ts'
import { makePrivateFolder } from '../files/private-files.ts'
import { RESOLVERS } from '../graph/resolve/index.ts'
import { lockHolder, takeProcessLock } from '../processes/process-lock.ts'
import { extractBlobs } from '../repo/extract-blobs.ts'
import { GitError } from '../repo/git.ts'
import { listTree } from '../repo/list-tree.ts'
import type { ListedFile, Listing } from '../repo/listing.ts'
import { damageOf, openDb } from '../store/db.ts'
import { isDamage } from '../store/db-errors.ts'
import { openStore, type Store } from '../store/open-store.ts'
import { requireSound } from '../store/sound-database.ts'
import type { RepoPath } from '../types.ts'
import { learnRecipes } from './learn-recipes.ts'
import { parseNew } from './parse-new.ts'
import { putTree } from './put-tree.ts'
import { commitsToLearn, learnCommits, type RefreshOptions } from './refresh-facts.ts'
import { sourceLanguage } from './source-language.ts'
import type { Tree } from './tree.ts'

const CHUNK = 3000 // contents on disk at once: about 30 MB
const LOOK_MS = 300 // interval of checks whether another process has ended

export interface PastFacts {
  readonly store: Store
  /** Parses the contents of these commits' trees that the database lacks, in one go. Progress goes to `options.onProgress`. */
  prepare(commits: readonly string[]): Promise<void>
  /**
   * Sets the facts to those of a commit: its tree, and only the history that it can see. Cheap from one commit to the
   * next. Returns the working tree's id.
   */
  at(commit: string): Promise<number>
  /** Sets the facts to those of a commit, and mines the recipes that a pass there would have mined. They stay until the next call. */
  mine(commit: string): Promise<void>
  close(): void
}

/** Another process, usually a backtest, uses the facts at past commits. */
export class PastInUse extends UserError {
  readonly pid: number

  constructor(pid: number) {
    super(`the past is being read by another process (pid ${pid})`, 'wait for it, or stop it', { exitCode: 1 })
    this.pid = pid
  }
}

export interface PastOptions extends RefreshOptions {
  /** Called with the pid of another process that reads the past; then waits for it. Left out: PastInUse is thrown. */
  readonly onWait?: (pid: number) => void
  /** Called when the cache is damaged: it is deleted and made anew. */
  readonly onDamage?: (what: string) => void
}

/**
 * Runs work on facts at past commits, and closes them at its end. They are only a cache: if it is damaged, it is
 * deleted and work starts once more. Throws what work throws, and the signal's reason if aborted while it waits.
 */
export async function withPastFacts<T>(
  root: string,
  path: string,
  options: PastOptions,
  work: (past: PastFacts) => Promise<T>,
): Promise<T> {
  const once = async () => {
    await requireSound(fileOf(path), options)
    const past = await openWhenFree(root, path, options)
    try {
      return await work(past)
    } finally {
      past.close()
    }
  }
  try {
    return await once()
  } catch (error) {
    const file = fileOf(path)
    const isKnown = options.signal?.aborted || error instanceof UserError || error instanceof GitError
    if (!isDamage(error, file) && (isKnown || !isDamaged(file))) throw error
    const holder = lockHolder(lockOf(path))
    if (holder) throw new PastInUse(holder.pid)
    options.onDamage?.(`${file}, a cache of facts at past commits, was damaged: it is made anew`)
    for (const end of ['', '-wal', '-shm', '-journal', '-mark']) rmSync(`${file}${end}`, { force: true })
    return await once()
  }
}

/** Checks the whole file: SQLite reports no error for damage inside a text. */
function isDamaged(file: string): boolean {
  try {
    const db = openDb(file)
    const isWhole = damageOf(db).length === 0
    db.close()
    return !isWhole
  } catch (error) {
    return isDamage(error)
  }
}

async function openWhenFree(root: string, path: string, options: PastOptions): Promise<PastFacts> {
  const { onWait } = options
  for (let reportedPid: number | null = null; ; ) {
    try {
      return openPastFacts(root, path, options)
    } catch (error) {
      if (!onWait || !(error instanceof PastInUse)) throw error
      if (reportedPid !== error.pid) onWait(error.pid)
      reportedPid = error.pid
      do {
        options.signal?.throwIfAborted()
        await setTimeout(LOOK_MS)
      } while (lockHolder(lockOf(path)))
    }
  }
}

const fileOf = (path: string) => `${path}.past`
const lockOf = (path: string) => `${path}.past.lock`

/**
 * Facts at past commits, read from the object database without a checkout. They have a database of their own beside the
 * repository's (`path`), so that nothing written or learned since can leak into them. Contents are shared between
 * commits and kept; while they are parsed, their text lies in a folder beside the database. One process at a time:
 * throws PastInUse while another has it.
 */
export function openPastFacts(root: string, path: string, options: RefreshOptions): PastFacts {
  const store = openStore(fileOf(path))
  const { worktree, lock } = begin(store, root, path)
  const scratch = resolve(`${path}.past.files`)
  rmSync(scratch, { recursive: true, force: true }) // left by a killed process
  makePrivateFolder(scratch, true)

  /** Contents of configurations that lie in `scratch`: most commits have the same ones as the commit before. */
  const kept = new Set<string>()

  /** Called between steps that each take a tenth of a second, so that an abort takes effect before the next one. */
  const endIfAborted = async () => {
    await setImmediate()
    options.signal?.throwIfAborted()
  }

  const treeOf = (listing: Listing): Tree => ({
    listing,
    fileOf: (_path, blob) => join(scratch, blob),
    hash: async () => new Map(), // files are named by their ids and hold contents as committed
  })

  const read = async (files: Listing['files']) => {
    const blobs = files.flatMap(({ blob, unread }) => (unread ? [] : [blob]))
    const got = new Set(await extractBlobs(root, blobs, scratch, options.maxFileBytes, options.signal))
    const known = files.filter(({ blob, unread }) => unread || got.has(blob))
    await parseNew(treeOf({ files: known, leftOut: [], digest: '' }), store, options)
    for (const blob of got) if (!kept.has(blob)) rmSync(join(scratch, blob), { force: true })
  }

  const past: PastFacts = {
    store,
    async prepare(commits) {
      const unseen = new Map<string, ListedFile>()
      for (const commit of commits) {
        options.signal?.throwIfAborted()
        for (const file of (await listTree(root, commit, options.paths)).files) {
          const language = sourceLanguage(file)
          const key = `${file.blob} ${language}`
          if (!unseen.has(key) && store.facts.sourceId(file.blob, language) === null) unseen.set(key, file)
        }
      }
      const files = [...unseen.values()]
      for (let at = 0; at < files.length; at += CHUNK) await read(files.slice(at, at + CHUNK))
    },
    async at(commit) {
      const { listing: listedBefore } = store.facts.worktree(root)
      const listing = await listTree(root, commit, options.paths)
      await endIfAborted()
      const digest = `${listing.digest} ${options.maxFileBytes}`
      if (listedBefore !== digest) {
        const unseen = listing.files.filter((file) => store.facts.sourceId(file.blob, sourceLanguage(file)) === null)
        await read(unseen)
        const configs = new Set(listing.files.filter(({ path }) => isConfig(path)).map(({ blob }) => blob))
        const lacking = [...configs].filter((blob) => !kept.has(blob))
        for (const blob of await extractBlobs(root, lacking, scratch, options.maxFileBytes, options.signal))
          kept.add(blob)
        await endIfAborted()
        const oversized = new Set(unseen.map(({ blob }) => blob))
        const put = () => putTree(treeOf(listing), store, worktree, digest, oversized, options.signal)
        await store.db.transactionInSteps(put, options.signal)
        for (const blob of kept) {
          if (configs.has(blob)) continue
          rmSync(join(scratch, blob), { force: true })
          kept.delete(blob)
        }
      }
      await endIfAborted()
      const state = { root, head: commit, shallow: null } // history that arrives later is read with the next commit
      const commits = await commitsToLearn(state, store, worktree, options)
      if (commits) await learnCommits(state, store, worktree, options, commits)
      return worktree
    },
    async mine(commit) {
      await past.at(commit)
      await learnRecipes({ root, head: commit, shallow: null }, store, options)
      options.signal?.throwIfAborted()
    },
    close() {
      rmSync(scratch, { recursive: true, force: true })
      lock.release()
      store.close()
    },
  }
  return past
}

/** Takes the lock; closes the store if that fails. */
function begin(store: Store, root: string, path: string) {
  try {
    const { id: worktree } = store.facts.worktree(root)
    const lock = takeProcessLock(lockOf(path), (work) => store.db.transaction(work))
    if ('holder' in lock) throw new PastInUse(lock.holder.pid)
    return { worktree, lock }
  } catch (error) {
    store.close()
    throw error
  }
}

const isConfig = (path: RepoPath) => Object.values(RESOLVERS).some((resolver) => resolver.isConfig(path))
