import type { RepoPath } from '../types.ts'
import type { Db } from './db.ts'

/** A file at the other end of an import. */
export interface Neighbour {
  readonly id: number
  readonly path: RepoPath
  readonly certainty: string
}

/** The import graph of facts.ts, in both directions. Each read uses an index, except for the one that walks all files. */
export function fileImports(db: Db) {
  const neighbours = (files: readonly number[], sql: string): ReadonlyMap<number, readonly Neighbour[]> => {
    const found = new Map<number, Neighbour[]>(files.map((file) => [file, []]))
    for (const [of, id, path, certainty] of db.lists<[number, number, RepoPath, string]>(sql, JSON.stringify(files)))
      found.get(of)!.push({ id, path, certainty })
    return found
  }

  return {
    /** Files that each of these files imports, by path. */
    importsOf: (files: readonly number[]): ReadonlyMap<number, readonly Neighbour[]> =>
      neighbours(
        files,
        `SELECT from_file, to_file, file.path, certainty FROM json_each(?) AS wanted
         CROSS JOIN import ON from_file = wanted.value CROSS JOIN file ON file.id = to_file ORDER BY file.path`,
      ),

    /** Files that import each of these files, by path. */
    importersOf: (files: readonly number[]): ReadonlyMap<number, readonly Neighbour[]> =>
      neighbours(
        files,
        `SELECT to_file, from_file, file.path, certainty FROM json_each(?) AS wanted
         CROSS JOIN import ON to_file = wanted.value CROSS JOIN file ON file.id = from_file ORDER BY file.path`,
      ),

    /** How many files import each of these. */
    countImporters: (files: readonly number[]): ReadonlyMap<number, number> =>
      new Map(
        db.lists<[id: number, importers: number]>(
          'SELECT value, (SELECT count(*) FROM import WHERE to_file = value) FROM json_each(?)',
          JSON.stringify(files),
        ),
      ),

    /** How many files import each file of the working tree. Walks its files and imports. */
    importerCounts: (worktree: number): ReadonlyMap<number, number> =>
      new Map(
        db.lists<[id: number, importers: number]>(
          'SELECT to_file, count(*) FROM import JOIN file ON file.id = to_file WHERE worktree = ? GROUP BY to_file',
          worktree,
        ),
      ),
  }
}
