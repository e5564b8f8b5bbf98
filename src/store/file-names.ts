import type { RepoPath } from '../types.ts'
import type { Db } from './db.ts'
import { queryMemory, remembered } from './query-memory.ts'

const REMEMBERED_FILES = 300 // a file uses some hundred names
const REMEMBERED_NAMES = 2000 // of which some tens of files are known

/** The part of facts.ts for names that files share: the call graph between files, without positions. Each read uses an index. */
export function fileNames(db: Db) {
  const knownUsed = queryMemory<RepoPath, readonly string[]>(db, REMEMBERED_FILES)
  const knownDefiners = queryMemory<string, readonly RepoPath[]>(db, REMEMBERED_NAMES)
  const knownUsers = queryMemory<string, readonly RepoPath[]>(db, REMEMBERED_NAMES)
  return {
    /** Different names that one file defines, without tests, in no order. */
    namesDefined: (worktree: number, path: RepoPath) =>
      db.column<string>(
        `SELECT DISTINCT name FROM file JOIN symbol ON symbol.source = file.source
         WHERE worktree = ? AND path = ? AND kind <> 'test'`,
        worktree,
        path,
      ),

    /** Different names that the files of a working tree define, without tests, in no order; any `limit` of them. Walks all definitions. */
    definedNames: (worktree: number, limit: number) =>
      db.column<string>(
        `SELECT DISTINCT name FROM file JOIN symbol ON symbol.source = file.source WHERE worktree = ? AND kind <> 'test' LIMIT ?`,
        worktree,
        limit,
      ),

    /** Different names that one file uses, without imports, in no order. Remembered. */
    namesUsed: (worktree: number, path: RepoPath): readonly string[] =>
      remembered(knownUsed(worktree), path, () =>
        db.column<string>(
          `SELECT DISTINCT text FROM file JOIN reference ON reference.source = file.source JOIN name ON name.id = reference.name
           WHERE worktree = ? AND path = ? AND kind <> 'import'`,
          worktree,
          path,
        ),
      ),

    // CROSS JOIN keeps SQLite from walking all files of the working tree.

    /** Files that define a name, by path; any `limit` of them if there are more. Remembered. */
    definersOf: (worktree: number, name: string, limit: number): readonly RepoPath[] =>
      remembered(knownDefiners(worktree), `${limit} ${name}`, () =>
        db
          .column<RepoPath>(
            `SELECT DISTINCT path FROM symbol CROSS JOIN file ON file.source = symbol.source
             WHERE name = ? AND worktree = ? LIMIT ?`,
            name,
            worktree,
            limit,
          )
          .sort(),
      ),

    /** Files that use a name, without imports, by path; any `limit` of them if there are more. Remembered. */
    usersOf: (worktree: number, name: string, limit: number): readonly RepoPath[] =>
      remembered(knownUsers(worktree), `${limit} ${name}`, () =>
        db
          .column<RepoPath>(
            `SELECT DISTINCT path FROM name CROSS JOIN reference ON reference.name = name.id AND kind <> 'import'
             CROSS JOIN file ON file.source = reference.source WHERE name.text = ? AND worktree = ? LIMIT ?`,
            name,
            worktree,
            limit,
          )
          .sort(),
      ),

    /** Paths of the working tree that contain a text, in any case of letters, the shortest first. Walks all files. */
    pathsHolding: (worktree: number, text: string, limit: number) =>
      db.column<RepoPath>(
        'SELECT path FROM file WHERE worktree = ? AND instr(lower(path), lower(?)) > 0 ORDER BY length(path), path LIMIT ?',
        worktree,
        text,
        limit,
      ),

    /** True if some file is below a folder ('src/'). One range of an index. */
    hasFolder: (worktree: number, folder: string) =>
      db.get(
        'SELECT 1 FROM file WHERE worktree = ? AND path > ? AND path < ? || char(0x10ffff) LIMIT 1',
        worktree,
        folder,
        folder,
      ) !== undefined,

    /** True if some file uses or imports a name. */
    isUsed: (worktree: number, name: string) =>
      db.get(
        `SELECT 1 FROM name CROSS JOIN reference ON reference.name = name.id CROSS JOIN file ON file.source = reference.source
         WHERE text = ? AND worktree = ? LIMIT 1`,
        name,
        worktree,
      ) !== undefined,
  }
}
