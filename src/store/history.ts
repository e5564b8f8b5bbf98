import { WIDEST } from '../text/last-commits.ts'
import type { RepoPath } from '../types.ts'
import type { Db } from './db.ts'
import { anyOf, quoteTerm, searchable } from './full-text.ts'
import { internIn } from './intern.ts'
import { queryMemory, remembered, rememberedEach } from './query-memory.ts'
import { followRenames, joinNow } from './renames.ts'

export interface CommitRow {
  readonly hash: string
  readonly time: number
  readonly subject: string
  readonly body: string
  readonly changes: readonly { readonly path: RepoPath; readonly was: RepoPath | null }[]
  /** A content that was not in the clone and is needed to find its renames. Null or left out: none was missing. */
  readonly missing?: string | null
}

const REMEMBERED = 20_000 // commits whose paths are cached: about 20 MB
const REMEMBERED_PATHS = 50_000
const REMEMBERED_WORDS = 500 // a word is in the subjects of a hundred commits
const REMEMBERED_PLACES = 2000 // paths and folders whose commits are cached

/** A commit that changed a path. position: number of newer commits. */
export interface Touch {
  readonly id: number
  readonly width: number
  readonly position: number
}

/** A commit whose subject holds a term. position: number of newer commits. */
export interface Saying {
  readonly id: number
  readonly position: number
}

export type History = ReturnType<typeof historyOf>

/** Past commits that the HEAD of each working tree can see. Renames are followed: paths are those of today. */
export function historyOf(db: Db) {
  // CROSS JOIN keeps SQLite from walking all commits, or all files, of the working tree.
  const table = (worktree: number) => `past_${worktree}`
  const pathId = internIn(db, 'path')
  const knownChanges = queryMemory<number, readonly number[]>(db, REMEMBERED)
  const knownActivity = queryMemory<number, number>(db, REMEMBERED_PATHS)
  const knownTexts = queryMemory<number, RepoPath>(db, REMEMBERED_PATHS)
  const knownSayings = queryMemory<string, readonly Saying[]>(db, REMEMBERED_WORDS)
  const pathsByCommit = new Map<string, readonly RepoPath[]>()
  const commitsByPlace = new Map<string, readonly Touch[]>() // requests often start from the same few files
  let seenVersion = 0 // version of the database, which changes if another connection writes: it may have followed a new rename
  const forgetIfWritten = () => {
    const version = db.value<number>('PRAGMA data_version')!
    if (version !== seenVersion) forget()
    seenVersion = version
  }
  const forget = () => {
    pathsByCommit.clear()
    commitsByPlace.clear()
  }
  const rememberedAt = (place: string, read: () => readonly Touch[]): readonly Touch[] => {
    forgetIfWritten()
    const known = commitsByPlace.get(place)
    if (known) return known
    if (commitsByPlace.size >= REMEMBERED_PLACES) commitsByPlace.clear()
    const commits = read()
    commitsByPlace.set(place, commits)
    return commits
  }

  const changedBy = (worktree: number, commits: readonly number[]) => {
    const changes = new Map<number, number[]>()
    for (const [id, path] of db.lists<[commit: number, path: number]>(
      `SELECT DISTINCT past_commit.id, coalesce(now, past_change.path) FROM json_each(?) AS wanted
       CROSS JOIN past_commit ON past_commit.id = wanted.value AND width <= ? JOIN past_change ON past_change.past_commit = past_commit.id
       ${joinNow('?')}`,
      JSON.stringify(commits),
      WIDEST,
      worktree,
    )) {
      const paths = changes.get(id)
      if (paths) paths.push(path)
      else changes.set(id, [path])
    }
    return changes
  }

  return {
    /** True if a commit is in the working tree's past: HEAD can see it, and it is not too old. */
    reaches: (worktree: number, hash: string) =>
      db.get(
        'SELECT 1 FROM past_commit CROSS JOIN reach ON worktree = ? AND past_commit = past_commit.id WHERE hash = ?',
        worktree,
        hash,
      ) !== undefined,

    /** Of these commits, the one that is nearest to HEAD; null: HEAD can see none of them. */
    nearest: (worktree: number, hashes: readonly string[]) =>
      db.value<string>(
        `SELECT hash FROM json_each(?) AS wanted CROSS JOIN past_commit ON hash = wanted.value
         CROSS JOIN reach ON worktree = ? AND past_commit = past_commit.id ORDER BY position LIMIT 1`,
        JSON.stringify(hashes),
        worktree,
      ) ?? null,

    /** Ids of the commits that are known, by their hashes. */
    idsOf: (hashes: readonly string[]) =>
      db.column<number>(
        'SELECT past_commit.id FROM json_each(?) AS wanted CROSS JOIN past_commit ON hash = wanted.value',
        JSON.stringify(hashes),
      ),

    knows: (hash: string) => db.get('SELECT 1 FROM past_commit WHERE hash = ?', hash) !== undefined,

    /** Commits of any working tree that were read without a content. Uses an index of these commits alone. */
    lacking: () =>
      db.all<{ hash: string; missing: string }>('SELECT hash, missing FROM past_commit WHERE missing IS NOT NULL'),

    /**
     * Saves a commit that is not known, or that was read without a content. In the second case the past of every
     * working tree is built anew at its next refresh.
     */
    saveCommit({ hash, time, subject, body, changes, missing = null }: CommitRow): void {
      const made = db.run(
        'INSERT OR IGNORE INTO past_commit (hash, time, subject, body, width, missing) VALUES (?, ?, ?, ?, ?, ?)',
        ...[hash, time, subject, body, changes.length, missing],
      )
      const again = 'SELECT id FROM past_commit WHERE hash = ? AND missing IS NOT NULL'
      const id = made.changes > 0 ? made.id : db.value<number>(again, hash)
      if (id === undefined) return
      if (made.changes === 0) {
        db.run('UPDATE past_commit SET width = ?, missing = ? WHERE id = ?', changes.length, missing, id)
        db.run('DELETE FROM past_change WHERE past_commit = ?', id)
        db.run('UPDATE worktree SET history = NULL')
      }
      db.insertAll(
        'INSERT OR IGNORE INTO past_change (path, past_commit, was)',
        changes.map(({ path, was }) => [pathId(path), id, was === null ? null : pathId(was)]),
      )
    },

    /**
     * Makes exactly these commits (newest first, all saved) the past of the working tree. from: the key that they were
     * listed by, which is stored.
     */
    setReach(worktree: number, from: string, hashes: readonly string[]): void {
      const before = new Set(db.column<number>('SELECT past_commit FROM reach WHERE worktree = ?', worktree))
      const ids = db.column<number>(
        'SELECT past_commit.id FROM json_each(?) AS wanted CROSS JOIN past_commit ON hash = wanted.value ORDER BY wanted.key',
        JSON.stringify(hashes),
      )
      db.run('DELETE FROM reach WHERE worktree = ?', worktree)
      db.insertAll(
        'INSERT INTO reach (worktree, past_commit, position)',
        ids.map((id, position) => [worktree, id, position]),
      )
      if (before.size === 0) makeMessages(db, table(worktree))
      const added = ids.filter((id) => !before.delete(id))
      db.insertAll(`INSERT INTO ${table(worktree)} (rowid, subject, body)`, messagesOf(db, added))
      for (const id of before) db.run(`DELETE FROM ${table(worktree)} WHERE rowid = ?`, id)
      followRenames(db, worktree)
      forget()
      db.run('DELETE FROM activity WHERE worktree = ?', worktree)
      db.run(
        `INSERT INTO activity SELECT reach.worktree, coalesce(now, past_change.path), count(DISTINCT past_commit.id) FROM reach JOIN past_commit ON past_commit.id = reach.past_commit AND width <= ?
         JOIN past_change ON past_change.past_commit = past_commit.id ${joinNow('reach.worktree')} WHERE reach.worktree = ? GROUP BY 2`,
        WIDEST,
        worktree,
      )
      db.run('UPDATE worktree SET history = ? WHERE id = ?', from, worktree)
    },

    /** Past commits whose message holds any of the terms, best first by BM25 (the subject counts double); of equals the newer first. */
    similar(
      worktree: number,
      terms: readonly string[],
      limit: number,
    ): { id: number; subject: string; width: number; position: number; score: number }[] {
      if (terms.length === 0) return []
      return db.all(
        `WITH hit AS MATERIALIZED (SELECT rowid, -bm25(${table(worktree)}, 2, 1) AS score FROM ${table(worktree)} WHERE ${table(worktree)} MATCH ?),
           chosen AS MATERIALIZED (SELECT past_commit AS id, score, position FROM hit CROSS JOIN reach ON worktree = ? AND reach.past_commit = hit.rowid ORDER BY score DESC, position LIMIT ?)
         SELECT past_commit.id, subject, width, position, score FROM chosen JOIN past_commit ON past_commit.id = chosen.id ORDER BY score DESC, position`,
        anyOf(terms),
        worktree,
        limit,
      )
    },

    /** Commits whose subject holds a term. Remembered. */
    commitsSaying: (worktree: number, term: string): readonly Saying[] =>
      remembered(knownSayings(worktree), term, () =>
        db.all<Saying>(
          `SELECT rowid AS id, position FROM ${table(worktree)} CROSS JOIN reach ON worktree = ? AND past_commit = rowid WHERE ${table(worktree)} MATCH ?`,
          worktree,
          `{subject} : ${quoteTerm(term)}`,
        ),
      ),

    /** Ids of the paths that each commit changed, each once, without wide commits. Remembered. */
    changesOf: (worktree: number, commits: readonly number[]): ReadonlyMap<number, readonly number[]> =>
      rememberedEach(knownChanges(worktree), commits, (unknown) => changedBy(worktree, unknown)),

    /** Number of commits of at most WIDEST files that changed each of these paths, by ids. One index look-up a path. Remembered. */
    activity: (worktree: number, paths: Iterable<number>): ReadonlyMap<number, number> =>
      rememberedEach(knownActivity(worktree), [...paths], (unknown) =>
        db.lists<[path: number, commits: number]>(
          'SELECT activity.path, commits FROM json_each(?) AS wanted CROSS JOIN activity ON worktree = ? AND activity.path = wanted.value',
          JSON.stringify(unknown),
          worktree,
        ),
      ),

    /** Number of paths that such commits changed, and the mean number of commits a path. Walks their index. */
    meanActivity: (worktree: number) =>
      db.get<{ paths: number; mean: number }>(
        'SELECT count(*) AS paths, coalesce(avg(commits), 0) AS mean FROM activity WHERE worktree = ?',
        worktree,
      )!,

    /** The paths of these ids. Remembered. */
    pathTexts: (worktree: number, ids: readonly number[]): ReadonlyMap<number, RepoPath> =>
      rememberedEach(knownTexts(worktree), ids, (unknown) =>
        db.lists<[id: number, text: RepoPath]>(
          'SELECT path.id, text FROM json_each(?) AS wanted CROSS JOIN path ON path.id = wanted.value',
          JSON.stringify(unknown),
        ),
      ),

    /** Subject of the newest of these commits; at least one must be in the working tree's past. */
    newestSubject: (worktree: number, commits: readonly number[]) =>
      db.value<string>(
        `SELECT subject FROM json_each(?) AS wanted CROSS JOIN reach ON worktree = ? AND past_commit = wanted.value
         JOIN past_commit ON past_commit.id = reach.past_commit ORDER BY position LIMIT 1`,
        JSON.stringify(commits),
        worktree,
      )!,

    /** Paths that each of these commits changed, by path. Cached; one query for all that are not. */
    pathsOf(worktree: number, commits: readonly { readonly id: number }[]): ReadonlyMap<number, readonly RepoPath[]> {
      forgetIfWritten()
      if (pathsByCommit.size >= REMEMBERED) pathsByCommit.clear()
      const key = (commit: number) => `${worktree} ${commit}`
      const unknown = commits.map(({ id }) => id).filter((id) => !pathsByCommit.has(key(id)))
      const read = new Map<number, RepoPath[]>(unknown.map((id) => [id, []]))
      if (unknown.length > 0)
        for (const [id, path] of db.lists<[commit: number, path: RepoPath]>(
          `SELECT DISTINCT wanted.value, text FROM json_each(?) AS wanted
           CROSS JOIN past_change ON past_change.past_commit = wanted.value ${joinNow('?')}
           JOIN path ON path.id = coalesce(now, past_change.path) ORDER BY text`,
          JSON.stringify(unknown),
          worktree,
        ))
          read.get(id)!.push(path)
      for (const [id, paths] of read) pathsByCommit.set(key(id), paths)
      return new Map(commits.map(({ id }) => [id, pathsByCommit.get(key(id))!]))
    },

    /** Commits that changed a path, newest first, without those of more than `widest` files. Cached. */
    commitsOf: (worktree: number, path: RepoPath, limit: number, widest = WIDEST) =>
      rememberedAt(`of ${worktree} ${limit} ${widest} ${path}`, () =>
        db.all<Touch>(
          `WITH named AS (SELECT id FROM path WHERE text = ?), called AS (SELECT id FROM named UNION SELECT moved.path FROM named CROSS JOIN moved ON moved.worktree = ? AND now = id)
           SELECT DISTINCT past_commit.id, width, position FROM called CROSS JOIN past_change ON past_change.path = called.id
           JOIN reach ON reach.past_commit = past_change.past_commit AND reach.worktree = ? JOIN past_commit ON past_commit.id = past_change.past_commit
           WHERE width <= ? ORDER BY position LIMIT ?`,
          path,
          worktree,
          worktree,
          widest,
          limit,
        ),
      ),

    /** Commits that changed a file directly in a folder ('src/'), newest first, without wide ones. Cached. */
    commitsInFolder: (worktree: number, folder: string, limit: number) =>
      rememberedAt(`in ${worktree} ${limit} ${folder}`, () =>
        db.all<Touch>(
          `WITH inside AS (SELECT id FROM path WHERE text > ? AND text < ? || char(0x10ffff) AND instr(substr(text, length(?) + 1), '/') = 0),
             called AS (SELECT id FROM inside UNION SELECT moved.path FROM inside CROSS JOIN moved ON moved.worktree = ? AND now = id)
           SELECT DISTINCT past_commit.id AS id, width, position FROM called CROSS JOIN past_change ON past_change.path = called.id
           CROSS JOIN reach ON reach.past_commit = past_change.past_commit AND reach.worktree = ? CROSS JOIN past_commit ON past_commit.id = past_change.past_commit
           WHERE width <= ? ORDER BY position LIMIT ?`,
          folder,
          folder,
          folder,
          worktree,
          worktree,
          WIDEST,
          limit,
        ),
      ),

    /** What these commits say of themselves, in no order. One index look-up a commit. */
    described: (commits: readonly number[]) =>
      db.all<{ id: number; hash: string; time: number; subject: string }>(
        'SELECT past_commit.id AS id, hash, time, subject FROM json_each(?) AS wanted CROSS JOIN past_commit ON past_commit.id = wanted.value',
        JSON.stringify(commits),
      ),

    /** The newest commits, newest first, by an index. */
    newest: (worktree: number, limit: number) =>
      db.all<{ id: number; hash: string; width: number; position: number }>(
        'SELECT past_commit.id, hash, width, position FROM reach JOIN past_commit ON past_commit.id = reach.past_commit WHERE worktree = ? ORDER BY position LIMIT ?',
        worktree,
        limit,
      ),

    /**
     * The file below one of these folders that a commit changed last, without READMEs and configurations. Walks all
     * that commits changed there.
     */
    newestBelow: (worktree: number, folders: readonly string[]) =>
      db.value<RepoPath>(
        `SELECT file.path FROM json_each(?) AS folder
         CROSS JOIN file ON file.worktree = ? AND file.path > folder.value || '/' AND file.path < folder.value || '0' AND file.source IS NOT NULL
         CROSS JOIN path ON path.text = file.path CROSS JOIN past_change ON past_change.path = path.id
         CROSS JOIN reach ON reach.past_commit = past_change.past_commit AND reach.worktree = file.worktree
         WHERE file.path NOT LIKE '%README%' AND file.path NOT LIKE '%template%' AND file.path NOT LIKE '%.json' ORDER BY reach.position, file.path LIMIT 1`,
        JSON.stringify(folders),
        worktree,
      ) ?? null,

    /** Walks their index. */
    count: (worktree: number) => db.value<number>('SELECT count(*) FROM reach WHERE worktree = ?', worktree)!,
  }
}

function makeMessages(db: Db, table: string): void {
  db.exec(`DROP TABLE IF EXISTS ${table}`)
  db.exec(`CREATE VIRTUAL TABLE ${table} USING fts5(subject, body, tokenize='unicode61 remove_diacritics 0')`)
}

function messagesOf(db: Db, commits: readonly number[]): unknown[][] {
  return db
    .all<{ id: number; subject: string; body: string }>(
      'SELECT past_commit.id AS id, subject, body FROM json_each(?) AS wanted CROSS JOIN past_commit ON past_commit.id = wanted.value',
      JSON.stringify(commits),
    )
    .map(({ id, subject, body }) => [id, searchable(subject), searchable(body)])
}
