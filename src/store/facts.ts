import { extname } from 'node:path'
import { countEach } from '../groups.ts'
import type { CodeSymbol, RepoPath } from '../types.ts'
import { Exactly } from './clean-parameters.ts'
import type { Db } from './db.ts'
import { factsWriter } from './facts-writer.ts'
import { fileImports } from './file-imports.ts'
import { fileNames } from './file-names.ts'
import { queryMemory, rememberedEach } from './query-memory.ts'

export interface FileRow {
  readonly id: number
  readonly path: RepoPath
  readonly source: number | null
}

export interface FileSize {
  readonly lines: number
  /** A tool has written it, so it was not read and its lines are 0. */
  readonly isGenerated: boolean
}

interface WorktreeRow {
  readonly id: number
  readonly listing: string | null
  readonly history: string | null
  readonly indexedAt: number | null
}

export interface SymbolRow extends CodeSymbol {
  readonly path: RepoPath
}

const REMEMBERED = 20_000 // paths whose sizes are cached: about 4 MB

export type Facts = ReturnType<typeof factsOf>

/** Reads and writes facts. A read covers one working tree and uses an index, unless its comment says otherwise. */
export function factsOf(db: Db) {
  const knownSizes = queryMemory<RepoPath, FileSize>(db, REMEMBERED)
  return {
    ...factsWriter(db),
    ...fileImports(db),
    ...fileNames(db),

    worktree(root: string): WorktreeRow {
      const find = 'SELECT id, listing, history, indexed_at AS indexedAt FROM worktree WHERE root = ?'
      const known = db.get<WorktreeRow>(find, root)
      if (known) return known
      db.run('INSERT OR IGNORE INTO worktree (root) VALUES (?)', new Exactly(root))
      return db.get(find, root)!
    },

    /** All working trees. */
    worktrees: () => db.all<{ id: number; root: string }>('SELECT id, root FROM worktree'),

    /** Every file of a working tree, in no order. Walks all files: only for a listing that changed. */
    files: (worktree: number) =>
      db.all<FileRow & { blob: string | null; language: string | null; reason: string | null; rule: string | null }>(
        `SELECT file.id, path, source, blob, language, file.reason, rule FROM file LEFT JOIN source ON source.id = file.source WHERE worktree = ?`,
        worktree,
      ),

    /** Every file whose content was read, by path, with what a pass needs. Walks all files and the index of their symbols. */
    readableFiles: (worktree: number) =>
      db.all<{
        id: number
        path: RepoPath
        source: number
        blob: string
        language: string
        bytes: number
        lines: number
        doc: string | null
        symbols: number
      }>(
        `SELECT file.id, path, source, blob, rtrim(language, '!') AS language, bytes, lines, doc, (SELECT count(*) FROM symbol WHERE symbol.source = source.id) AS symbols
         FROM file JOIN source ON source.id = file.source WHERE worktree = ? AND source.reason IS NULL ORDER BY path`,
        worktree,
      ),

    /** The files that hold a content, in all working trees. */
    filesOfSource: (source: number) =>
      db.all<{ id: number; worktree: number; path: RepoPath }>(
        'SELECT id, worktree, path FROM file WHERE source = ?',
        source,
      ),

    /** True if no content was ever parsed, for any working tree. Looks at one row. */
    isEmpty: () => db.get('SELECT 1 FROM source LIMIT 1') === undefined,

    sourceId: (blob: string, language: string) =>
      db.value<number>('SELECT id FROM source WHERE blob = ? AND language = ?', blob, language) ?? null,

    /** The import specifiers in a content. */
    imports: (source: number) =>
      db.column<string>(
        `SELECT DISTINCT text FROM reference JOIN name ON name.id = reference.name WHERE source = ? AND kind = 'import' ORDER BY text`,
        source,
      ),

    file: (worktree: number, path: RepoPath) =>
      db.get<
        FileRow & {
          blob: string | null
          language: string | null
          doc: string | null
          lines: number | null
          /** 1: the content has no secret. */
          clean: number | null
        }
      >(
        `SELECT file.id, path, source, blob, rtrim(language, '!') AS language, doc, lines, clean FROM file LEFT JOIN source ON source.id = file.source WHERE worktree = ? AND path = ?`,
        worktree,
        path,
      ),

    /** True if the path is in the working tree and its content was read. */
    isReadable: (worktree: number, path: RepoPath) =>
      db.get(
        'SELECT 1 FROM file JOIN source ON source.id = file.source WHERE worktree = ? AND path = ? AND source.reason IS NULL',
        worktree,
        path,
      ) !== undefined,

    /** The first `limit` files whose content was read, source files first, by path. Reads the table of files. */
    firstReadable: (worktree: number, limit: number) =>
      db.column<RepoPath>(
        `SELECT file.path FROM file JOIN source ON source.id = file.source AND source.reason IS NULL JOIN findable ON findable.file = file.id
         WHERE worktree = ? ORDER BY rest, file.path LIMIT ?`,
        worktree,
        limit,
      ),

    /** Files directly in a folder ('src/', '' is the root) whose content was read. One range of an index. */
    inFolder: (worktree: number, folder: string) =>
      db.column<RepoPath>(
        `SELECT path FROM file JOIN source ON source.id = file.source AND source.reason IS NULL
         WHERE worktree = ? AND path > ? AND path < ? || char(0x10ffff) AND instr(substr(path, length(?) + 1), '/') = 0 ORDER BY path`,
        worktree,
        folder,
        folder,
        folder,
      ),

    /**
     * Those of these paths whose content was read, with their size, and those that a tool has written, without a size.
     * One index look-up a path: CROSS JOIN keeps SQLite from walking all files. Remembered.
     */
    sizes: (worktree: number, paths: readonly RepoPath[]): Map<RepoPath, FileSize> =>
      rememberedEach(knownSizes(worktree), paths, (unknown) =>
        db
          .lists<[path: RepoPath, lines: number, isGenerated: 0 | 1]>(
            `SELECT file.path AS path, lines, source.reason IS NOT NULL FROM json_each(?) AS wanted
             CROSS JOIN file ON file.worktree = ? AND file.path = wanted.value
             JOIN source ON source.id = file.source AND (source.reason IS NULL OR source.reason IN ('generated', 'vendored'))`,
            JSON.stringify(unknown),
            worktree,
          )
          .map(([path, lines, generated]) => [path, { lines, isGenerated: generated === 1 }] as const),
      ),

    /** Walks the index of all files. */
    fileCount: (worktree: number) => db.value<number>('SELECT count(*) FROM file WHERE worktree = ?', worktree)!,

    /** Definitions of one file, in reading order. */
    symbols(worktree: number, path: RepoPath): CodeSymbol[] {
      return db
        .all<SymbolColumns>(
          `SELECT ${SYMBOL_COLUMNS} FROM file JOIN symbol ON symbol.source = file.source WHERE worktree = ? AND path = ? ORDER BY position`,
          worktree,
          path,
        )
        .map(toSymbol)
    },

    /** Names of the definitions of one file, with their owner: 'Cart.total'. */
    symbolNames: (worktree: number, path: RepoPath) =>
      db.column<string>(
        'SELECT qualified FROM file JOIN symbol ON symbol.source = file.source WHERE worktree = ? AND path = ? ORDER BY position',
        worktree,
        path,
      ),

    /** Definitions of one content, in reading order. */
    symbolsOf: (source: number): CodeSymbol[] =>
      db
        .all<SymbolColumns>(`SELECT ${SYMBOL_COLUMNS} FROM symbol WHERE source = ? ORDER BY position`, source)
        .map(toSymbol),

    /** Every definition of a working tree: where it is, and the hash of its text. */
    definitions: (worktree: number) =>
      db.lists<[path: RepoPath, qualified: string, hash: string]>(
        'SELECT path, qualified, hash FROM file JOIN symbol ON symbol.source = file.source WHERE worktree = ?',
        worktree,
      ),

    /** Definitions of exactly this name anywhere in the working tree, at most `limit`. */
    symbolsNamed(worktree: number, name: string, limit = 20): SymbolRow[] {
      return db
        .all<SymbolColumns & { path: RepoPath }>(
          `SELECT path, ${SYMBOL_COLUMNS} FROM symbol CROSS JOIN file ON file.source = symbol.source WHERE name = ? AND worktree = ? ORDER BY path, position LIMIT ?`,
          name,
          worktree,
          limit,
        )
        .map(toSymbol)
    },

    gaps: (worktree: number, path: RepoPath) =>
      db.all<{ first: number; last: number }>(
        'SELECT first_line AS first, last_line AS last FROM file JOIN gap ON gap.source = file.source WHERE worktree = ? AND path = ? ORDER BY first_line',
        worktree,
        path,
      ),

    /** Counts for `status`: walks all files, twice, and their symbols. */
    counts(worktree: number) {
      return db.get<{
        files: number
        code: number
        lines: number
        symbols: number
        leftOut: number
        problems: number
        gaps: number
      }>(
        `SELECT count(*) FILTER (WHERE file.reason IS NULL AND source.reason IS NULL) AS files,
                count(*) FILTER (WHERE rtrim(language, '!') <> '' AND source.reason IS NULL) AS code,
                coalesce(sum(lines), 0) AS lines,
                (SELECT count(*) FROM file JOIN symbol ON symbol.source = file.source WHERE worktree = ?) AS symbols,
                count(*) FILTER (WHERE file.reason IS NOT NULL OR source.reason IS NOT NULL) AS leftOut,
                count(problem) AS problems,
                count(*) FILTER (WHERE EXISTS (SELECT 1 FROM gap WHERE gap.source = file.source)) AS gaps
         FROM file LEFT JOIN source ON source.id = file.source WHERE worktree = ?`,
        worktree,
        worktree,
      )!
    },

    /**
     * What is unknown of the working tree's files, each once: files that are left out (lines: null), and lines that the
     * parser could not read. Walks all files.
     */
    unread: (worktree: number) =>
      db.all<{ path: RepoPath; lines: string | null; reason: string; rule: string | null }>(
        `WITH unread AS (
           SELECT path, NULL AS lines, coalesce(file.reason, source.reason, 'the parser threw') AS reason, rule FROM file LEFT JOIN source ON source.id = file.source
           WHERE worktree = ? AND coalesce(file.reason, source.reason, problem) IS NOT NULL
           UNION SELECT path, first_line || '-' || last_line, 'unreadable to the parser', NULL FROM file JOIN gap ON gap.source = file.source WHERE worktree = ?
         ) SELECT path, lines, reason, rule FROM unread ORDER BY reason, path, CAST(lines AS INTEGER)`,
        worktree,
        worktree,
      ),

    /** Why files are left out, the most frequent reason first. Walks all files. */
    reasons: (worktree: number) =>
      db.all<{ reason: string; files: number }>(
        `SELECT coalesce(file.reason, source.reason) AS reason, count(*) AS files FROM file LEFT JOIN source ON source.id = file.source
         WHERE worktree = ? AND coalesce(file.reason, source.reason) IS NOT NULL GROUP BY 1 ORDER BY 2 DESC`,
        worktree,
      ),

    /** Number of source files in languages that are not parsed, by ending ('.kt'), most first. Walks all files. */
    textOnly(worktree: number): [ending: string, files: number][] {
      const paths = db.column<RepoPath>(
        `SELECT file.path FROM file JOIN source ON source.id = file.source AND rtrim(language, '!') = '' AND source.reason IS NULL
         JOIN findable ON findable.file = file.id AND rest = 0 WHERE worktree = ?`,
        worktree,
      )
      return [...countEach(paths.map((path) => extname(path)))].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    },

    /** Number of files read in each language, most first. Walks all files. */
    languages: (worktree: number) =>
      db.all<{ language: string; files: number }>(
        `SELECT rtrim(language, '!') AS language, count(*) AS files FROM file JOIN source ON source.id = file.source WHERE worktree = ? AND source.reason IS NULL GROUP BY 1 ORDER BY 2 DESC, 1`,
        worktree,
      ),
  }
}

const SYMBOL_COLUMNS = 'qualified, name, kind, first_line, last_line, signature, symbol.doc, hash'
type SymbolColumns = Omit<CodeSymbol, 'lines'> & { readonly first_line: number; readonly last_line: number }

function toSymbol<Row extends SymbolColumns>({ first_line, last_line, ...row }: Row) {
  return { ...row, lines: { first: first_line, last: last_line } }
}
