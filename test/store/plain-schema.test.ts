import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDb } from '../../src/store/db.ts'
import { openStore } from '../../src/store/open-store.ts'
import { isPlainSchema, type SchemaRow } from '../../src/store/plain-schema.ts'
import { openLax } from '../attack/lax-database.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

test('the whole schema of repose is plain', () => {
  const store = openStore(join(scratchFolder(), 'x.db'))
  const rows = store.db.all<SchemaRow>('SELECT type, sql FROM sqlite_master')
  expect(rows.length).toBeGreaterThan(40)
  expect(rows.filter((row) => !isPlainSchema(row))).toEqual([])
  store.close()
})

const FOR_EVER = "instr(printf('%.100000000c', 'a'), printf('%.100000c', 'a') || 'b')"

test.each([
  ['a condition', `CREATE TABLE t (a INTEGER, CHECK (${FOR_EVER} = 0)) STRICT`],
  ['a condition behind a comment', `CREATE TABLE t (a TEXT DEFAULT '--' CHECK/**/(${FOR_EVER} = 0))`],
  ['a generated column', `CREATE TABLE t (a INTEGER, b INTEGER GENERATED ALWAYS AS (${FOR_EVER}) STORED)`],
  ['a generated column in short', `CREATE TABLE t (a INTEGER, b INTEGER AS (${FOR_EVER}))`],
  ['a computed default', `CREATE TABLE t (a INTEGER, b INTEGER DEFAULT (${FOR_EVER}))`],
  ['an index of an expression', `CREATE TABLE t (a INTEGER); CREATE INDEX i ON t (${FOR_EVER})`],
  ['a partial index', `CREATE TABLE t (a INTEGER); CREATE INDEX i ON t (a) WHERE ${FOR_EVER} = 1`],
  ['a view', 'CREATE VIEW v AS SELECT 1'],
  ['a trigger', 'CREATE TRIGGER t AFTER INSERT ON pass BEGIN DELETE FROM file; END'],
  ['another module', 'CREATE VIRTUAL TABLE t USING rtree(a, b, c)'],
])('%s makes a database one of another program', (_, sql) => {
  const path = join(scratchFolder(), 'x.db')
  openStore(path).close()
  openLax(path).exec(`${sql}; PRAGMA journal_mode = DELETE`)
  expect(() => openDb(path)).toThrow(/a database of another program/)
})

test.each(['[', "'", '"', '`', '/*'])('what follows a statement takes no seconds: %s', (sign) => {
  const started = performance.now()
  isPlainSchema({ type: 'table', sql: `CREATE TABLE a (b);${`${sign}a`.repeat(500_000)}` })
  expect(performance.now() - started).toBeLessThan(1500)
})
