import { cpSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { lockHolder, takeProcessLock } from '../../src/processes/process-lock.ts'
import { asUserError } from '../../src/store/db-errors.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { isWindows } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'
import { openLax, tablesOf } from './lax-database.ts'
import { runHere } from './run-here.ts'

const folder = scratchFolder()
const db = join(folder, 'x.db')
const whole = join(folder, 'whole.db')
const forget = () => {
  for (const end of ['', '-wal', '-shm']) rmSync(db + end, { force: true, recursive: true })
}
let shop: FixtureRepo
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
  const run = await runRepose(['sleep', '--db', whole], { cwd: shop.root })
  expect(run.code).toBe(0)
  openLax(whole).exec('PRAGMA journal_mode = DELETE')
})
afterAll(() => shop.dispose())
beforeEach(forget)

/** What a command says, or the words of its UserError. Throws anything else. */
async function said(...args: readonly string[]): Promise<string> {
  try {
    return (await runHere(shop.root, ...args, '--db', db)).said
  } catch (error) {
    const known = asUserError(error, null)
    if (known instanceof UserError) return `error: ${known.message}`
    throw error
  }
}

const TABLES = [
  ...[
    'worktree',
    'source',
    'file',
    'check_pass',
    'symbol',
    'name',
    'reference',
    'gap',
    'import',
    'path',
    'past_commit',
    'past_change',
    'reach',
    'moved',
  ],
  ...['activity', 'summary', 'latest_summary', 'pass', 'request', 'call', 'backtest', 'recipe_mining', 'recipe'],
  ...['recipe_step', 'recipe_commit', 'agent_run', 'findable', 'backlog_item', 'draft', 'backlog_run', 'night_reply'],
  ...['kept_draft', 'forecast', 'forecast_run', 'batch', 'batch_call', 'rejection'],
]

describe('values of another type in every column', () => {
  test('(these are the tables of repose)', () => {
    const names = tablesOf(openLax(whole)).map(({ name }) => name)
    expect([...TABLES].sort()).toEqual(names.filter((name) => !/^past_\d/.test(name)).sort())
  })

  test.each(TABLES)(
    '%s',
    async (name) => {
      const { columns } = tablesOf(openLax(whole)).find((table) => table.name === name)!
      for (const column of columns) {
        forget()
        cpSync(whole, db)
        const raw = openLax(db)
        const [{ type } = { type: 'TEXT' }] = raw
          .prepare('SELECT type FROM pragma_table_info(?) WHERE name = ?')
          .all(name, column) as { type: string }[]
        try {
          raw
            .prepare(`UPDATE OR IGNORE ${name} SET ${column} = ?`)
            .run(type === 'TEXT' ? Buffer.from('x') : '{"toString": 1}')
        } catch (error) {
          expect((error as { code: string }).code).toBe('SQLITE_MISMATCH') // a row's own number
          continue
        }
        raw.exec('PRAGMA journal_mode = DELETE')
        const readers = ['pass', 'request', 'call'].includes(name)
          ? [['receipts'], ['ledger', '--json']]
          : /^(backlog|draft|night|kept|forecast|batch)/.test(name)
            ? [['backlog', '--all'], ['backlog', '--forecasts', '--all'], ['status']]
            : [['context', 'Add a CSV output format']]
        for (const args of readers) expect(typeof (await said(...args))).toBe('string')
      }
    },
    90_000,
  )
})

describe('a database that is another one', () => {
  const bytes = () => readFileSync(whole)
  test.each<[string, () => void]>([
    ['cut off in its first page', () => writeFileSync(db, bytes().subarray(0, 2000))],
    ['cut off in the middle', () => writeFileSync(db, bytes().subarray(0, bytes().length >> 1))],
    [
      'with a page of noughts',
      () => writeFileSync(db, Buffer.concat([bytes().subarray(0, 8192), Buffer.alloc(8192), bytes().subarray(16384)])),
    ],
    [
      'with noise all over',
      () =>
        writeFileSync(
          db,
          bytes().map((byte, at) => (at > 4096 && at % 97 === 0 ? byte ^ 255 : byte)),
        ),
    ],
    [
      'without one of its tables',
      () => {
        cpSync(whole, db)
        const raw = openLax(db)
        raw.exec('DROP TABLE symbol; PRAGMA journal_mode = DELETE')
      },
    ],
    [
      'without a column',
      () => {
        cpSync(whole, db)
        const raw = openLax(db)
        raw.exec('ALTER TABLE file RENAME COLUMN path TO other; PRAGMA journal_mode = DELETE')
      },
    ],
    [
      'whose full text is of another format',
      () => {
        cpSync(whole, db)
        const raw = openLax(db)
        raw.exec("UPDATE search_1_config SET v = 'x'; DELETE FROM search_1_data; PRAGMA journal_mode = DELETE")
      },
    ],
    [
      'with a trigger that a stranger wrote',
      () => {
        cpSync(whole, db)
        const raw = openLax(db)
        raw.exec('CREATE TRIGGER evil AFTER INSERT ON pass BEGIN DELETE FROM file; END; PRAGMA journal_mode = DELETE')
      },
    ],
    [
      'with a view in place of a table',
      () => {
        cpSync(whole, db)
        const raw = openLax(db)
        raw.exec(
          'ALTER TABLE past_commit RENAME TO p; CREATE VIEW past_commit AS SELECT * FROM p, p AS q; PRAGMA journal_mode = DELETE',
        )
      },
    ],
    [
      'of version -1',
      () => {
        cpSync(whole, db)
        const raw = openLax(db)
        raw.exec('PRAGMA user_version = -1; PRAGMA journal_mode = DELETE')
      },
    ],
    [
      'with a journal of another one',
      () => {
        cpSync(whole, db)
        writeFileSync(`${db}-wal`, Buffer.alloc(40_000, 7))
      },
    ],
    [
      'of a sparse 5 GB',
      () => {
        writeFileSync(db, '')
        truncateSync(db, 5e9)
      },
    ],
    ['a folder', () => mkdirSync(db)],
    ['a link to itself', () => symlinkSync(db, db)],
    ['a link to /dev/full', () => symlinkSync('/dev/full', db)],
  ])(
    '%s: each command answers, or says what to do',
    async (name, make) => {
      if (isWindows && name.includes('link')) return
      make()
      for (const args of [['context', 'Add a CSV output format'], ['sleep'], ['status']]) {
        const run = await runRepose([...args, '--db', db], {
          cwd: shop.root,
          mostMs: 30_000,
        })
        expect(run.signal).toBe(null)
        expect(run.stderr).not.toContain('bug in repose')
        expect([0, 1, 2]).toContain(run.code)
      }
    },
    90_000,
  )
})

describe('lock files that repose did not write', () => {
  const lock = join(folder, 'lock')
  test.each([
    ...[
      'null',
      '[]',
      '{}',
      '7',
      '"x"',
      '',
      '{"pid": 0, "startedAt": null}',
      '{"pid": -1, "startedAt": null}',
      '{"pid": 1e99, "startedAt": null}',
    ],
    ...[
      '{"pid": "1", "startedAt": null}',
      '{"pid": 1.5, "startedAt": null}',
      '{"pid": 1, "startedAt": {"toString": 1}}',
      '{"__proto__": {"pid": 1}}',
      '['.repeat(100_000),
      '{"pid": 1',
    ],
    '{"pid": 2147483648, "startedAt": null}',
  ])('%.40s holds nothing', (text) => {
    rmSync(lock, { force: true })
    writeFileSync(lock, text)
    expect(lockHolder(lock)).toBe(null)
    const taken = takeProcessLock(lock, (work) => work())
    expect(taken).toHaveProperty('release')
    expect(statSync(lock).mode & 0o077).toBe(0)
  })

  test.skipIf(isWindows)('a link in its place is not followed', () => {
    rmSync(lock, { force: true })
    writeFileSync(join(folder, 'mine'), 'mine')
    symlinkSync(join(folder, 'mine'), lock)
    expect(takeProcessLock(lock, (work) => work())).toHaveProperty('release')
    expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('mine')
  })
})
