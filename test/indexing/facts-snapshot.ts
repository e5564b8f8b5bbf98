import { readRequest } from '../../src/request/read-request.ts'
import { nameFiles } from '../../src/retrieve/name-files.ts'
import { rankFiles } from '../../src/retrieve/rank-files.ts'
import type { Store } from '../../src/store/open-store.ts'
import { searchTables } from '../../src/store/search.ts'

/** All that the store knows of the working tree, free of ids and times. */
export function snapshot(store: Store, worktree: number) {
  const { db } = store
  return {
    files: db.all(
      `SELECT path, blob, language, bytes, lines, coalesce(file.reason, source.reason) AS reason, rule, doc FROM file LEFT JOIN source ON source.id = file.source WHERE worktree = ? ORDER BY path`,
      worktree,
    ),
    symbols: db
      .all(
        'SELECT path, symbol.* FROM file JOIN symbol ON symbol.source = file.source WHERE worktree = ? ORDER BY path, position',
        worktree,
      )
      .map(({ source: _, ...row }) => row),
    references: db.all(
      'SELECT path, kind, text, line FROM file JOIN reference ON reference.source = file.source JOIN name ON name.id = reference.name WHERE worktree = ? ORDER BY 1, 2, 3',
      worktree,
    ),
    imports: db.all(
      'SELECT a.path AS importer, b.path AS imported, certainty FROM import JOIN file a ON a.id = from_file JOIN file b ON b.id = to_file WHERE a.worktree = ? ORDER BY 1, 2',
      worktree,
    ),
    history: db.all(
      'SELECT hash, subject FROM reach JOIN past_commit ON past_commit.id = past_commit WHERE worktree = ? ORDER BY position',
      worktree,
    ),
    activity: db.all(
      'SELECT text, commits FROM activity JOIN path ON path.id = path WHERE worktree = ? ORDER BY text',
      worktree,
    ),
    moved: db.all(
      'SELECT a.text AS path, b.text AS now FROM moved JOIN path a ON a.id = moved.path JOIN path b ON b.id = now WHERE worktree = ? ORDER BY 1',
      worktree,
    ),
    // of each term, in how many files it is and how often: nothing of what was forgotten
    terms: searchTables(worktree).map((table) => {
      db.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms_${table} USING fts5vocab(main, ${table}, row)`)
      return db.all(`SELECT term, doc, cnt FROM temp.terms_${table}`)
    }),
    ranking: ['total price of the cart', 'add a rate to vat', 'parse lines'].map((request) =>
      nameFiles(rankFiles(store, worktree, readRequest(request))).map((file) => ({
        ...file,
        score: file.score.toFixed(9),
      })),
    ),
  }
}
