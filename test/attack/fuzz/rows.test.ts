import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asUserError } from '../../../src/store/db-errors.ts'
import { ANY_CHARACTER } from '../../helpers/any-character.ts'
import { copyFixture, type FixtureRepo } from '../../helpers/fixture-repo.ts'
import { runRepose } from '../../helpers/run-repose.ts'
import { scratchFolder } from '../../repo/scratch-repo.ts'
import { openLax, type Table, tablesOf } from '../lax-database.ts'
import { runHere } from '../run-here.ts'
import { CASES, FUZZ_MS, fuzz, valueOrUserError } from './fuzz.ts'

const READERS: readonly (readonly string[])[] = [
  ['context', 'Add a CSV output format'],
  ['status', '--json'],
  ['status', '--left-out'],
  ['receipts'],
  ['ledger', '--json'],
  ['sleep'],
  ['index'],
  ['backtest', '--limit', '1'],
]

let shop: FixtureRepo
let whole: string
let tables: readonly Table[]
const folder = scratchFolder()
const db = join(folder, 'x.db')
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
  whole = join(folder, 'whole.db')
  const run = await runRepose(['sleep', '--db', whole], { cwd: shop.root })
  expect(run.code).toBe(0)
  const raw = openLax(whole)
  tables = tablesOf(raw)
  raw.exec('PRAGMA journal_mode = DELETE')
})
afterAll(() => shop.dispose())

const value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    0,
    -1,
    2 ** 31,
    9007199254740993n,
    -(2n ** 63n),
    0.5,
    1e308,
    -Infinity,
    '',
    'x',
    '[]',
    '{}',
    'null',
    '[null]',
  ),
  fc.constantFrom<unknown>(
    '{"a": {"b": "c"}}',
    '{"__proto__": 1}',
    '["toString"]',
    '[[1]]',
    '../../x',
    '\x1b[2J',
    '\0',
    '\ud800',
    'x'.repeat(5000),
  ),
  fc.constantFrom<unknown>('['.repeat(5000), Buffer.from('blob'), Buffer.alloc(0)),
  fc.string({ unit: ANY_CHARACTER, maxLength: 12 }),
  fc.double({ noNaN: true }),
)

test(
  'any values in any columns: every command that reads them answers, or says that the database is damaged',
  async () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(), value, fc.boolean()), { minLength: 1, maxLength: 2 })
    await fuzz('database rows', fc.tuple(changes, fc.constantFrom(...READERS)), async ([all, args]) => {
      for (const end of ['', '-wal', '-shm']) rmSync(db + end, { force: true })
      cpSync(whole, db)
      const raw = openLax(db)
      for (const [table, column, next, isAll] of all) {
        const { name, columns } = tables[table % tables.length]!
        const where = isAll ? '' : ` WHERE ${columns[0]} = (SELECT ${columns[0]} FROM ${name} LIMIT 1)`
        try {
          raw.prepare(`UPDATE ${name} SET ${columns[column % columns.length]} = ?${where}`).run(next)
        } catch (error) {
          // a key that must be unique, or a whole number
          expect((error as { code: string }).code).toMatch(/^SQLITE_(CONSTRAINT|MISMATCH)|RANGE/)
        }
      }
      raw.exec('PRAGMA journal_mode = DELETE')
      await valueOrUserError(async () => {
        try {
          const { said } = await runHere(shop.root, ...args, '--db', db)
          expect(typeof said).toBe('string')
        } catch (error) {
          throw asUserError(error, null) // as the program does
        }
      })
    })
  },
  FUZZ_MS + CASES['database rows'] * 300,
)
