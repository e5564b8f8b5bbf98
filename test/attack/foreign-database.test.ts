import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openRepose } from '../../src/index.ts'
import { openStore } from '../../src/store/open-store.ts'
import { makeEndless, makeEndlessSchema } from '../helpers/endless-table.ts'
import { startRepose } from '../helpers/start-repose.ts'
import { ask, connect } from '../mcp/connect.ts'
import { scratchFolder, scratchRepo, sh } from '../repo/scratch-repo.ts'

const SOON_MS = 20_000 // for a check that ends by itself
const LIMIT_MS = 60_000 // for a check that its limit ends, on a busy machine
const DAMAGED = /(?:^|\n)error: the database \S+ is damaged[^\n]*\nfix: [^\n]*repose clean --yes[^\n]*\n$/

let whole: string
beforeAll(async () => {
  const root = scratchRepo({ 'a.ts': 'export const a = 1\n' })
  for (const args of [['sleep'], ['backlog', 'add', 'Add a CSV output format']])
    expect((await startRepose(args, { cwd: root })).code).toBe(0)
  whole = join(root, '.git/repose/repose.db')
})

let root: string
let db: string
beforeEach(() => {
  root = scratchRepo({ 'a.ts': 'export const a = 1\n' })
  db = join(root, '.git/repose/repose.db')
  expect(openStore(db).close()).toBeUndefined()
  for (const end of ['', '-mark', '-wal', '-shm']) rmSync(db + end, { force: true })
  cpSync(whole, db) // as an archive brings it
})

const run = (args: readonly string[], more: object = {}) => startRepose(args, { cwd: root, mostMs: LIMIT_MS, ...more })

describe('a database whose pages point at each other is reported as damaged', () => {
  test.each([
    ['backlog_item', ['backlog']],
    ['worktree', ['status']],
    ['request', ['receipts']],
    ['file', ['context', 'Add a CSV output format']],
    ['pass', ['sleep']],
    ['source', ['watch']],
    ['backlog_item', ['clean', '--unused', '--dry-run']],
  ])('%s, at repose %j', async (table, args) => {
    makeEndless(db, table)
    const { code, stderr } = await run(args, { mostMs: SOON_MS })
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(DAMAGED) })
    expect(existsSync(`${db}-mark`)).toBe(false)
  })

  test(
    'pages of the schema: the limit ends the check',
    async () => {
      makeEndlessSchema(db)
      const { code, stderr } = await run(['status'])
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(DAMAGED) })
    },
    LIMIT_MS,
  )

  test('repose clean deletes it', async () => {
    makeEndlessSchema(db)
    expect(await run(['clean', '--yes'], { mostMs: SOON_MS })).toMatchObject({ code: 0 })
    expect(existsSync(db)).toBe(false)
    expect(await run(['status'], { mostMs: SOON_MS })).toMatchObject({ code: 0 })
  })

  test(
    'repose clean --db of one that cannot be recognised says to delete it',
    async () => {
      const other = join(scratchFolder(), 'x.db')
      cpSync(db, other)
      makeEndlessSchema(other)
      const { code, stderr } = await run(['clean', '--yes', '--db', other])
      expect(code).toBe(2)
      expect(stderr).toMatch(/^error: \S+x\.db is damaged, and cannot be recognised .*\nfix: +delete it yourself/)
    },
    LIMIT_MS,
  )

  test('the cache of the past: it is made anew', async () => {
    cpSync(whole, `${db}.past`)
    makeEndless(`${db}.past`, 'worktree')
    const { code, stderr } = await run(['backtest'], { mostMs: SOON_MS })
    expect(stderr).toMatch(/was damaged: it is made anew/)
    expect([0, 1]).toContain(code)
  })

  test('the MCP server: it answers', async () => {
    makeEndless(db, 'worktree')
    const { client, bugs } = await connect(root)
    expect(await ask(client, 'find', { text: 'a' })).toMatch(/is damaged, or not one of repose/)
    expect(bugs).toEqual([])
    rmSync(db)
    expect(await ask(client, 'find', { text: 'a' })).toMatch(/a\.ts/)
  })

  test(
    'the library: its process goes on with other work',
    async () => {
      makeEndlessSchema(db)
      let ticks = 0
      const timer = setInterval(() => ticks++, 50)
      const repose = await openRepose(root)
      await expect(repose.refresh()).rejects.toThrow(/is damaged: reading it does not end/)
      clearInterval(timer)
      await repose.close()
      expect(ticks).toBeGreaterThan(20)
    },
    LIMIT_MS,
  )

  test('code that did not call the check before', () => {
    makeEndless(db, 'worktree')
    expect(() => openStore(db)).toThrow(/is damaged, or not one of repose/)
  })
})

describe('a sound database is checked once, without a question', () => {
  const isChecked = async (env: Readonly<Record<string, string>> = {}) => {
    const { code, stderr } = await run(['status', '--verbose'], { env })
    expect(code).toBe(0)
    return /database \S+ checked, since it is not known/.test(stderr)
  }

  test('if it came in an archive', async () => {
    expect([await isChecked(), await isChecked()]).toEqual([true, false])
  })

  test('but not if repose made it here', async () => {
    rmSync(db)
    expect([await isChecked(), await isChecked()]).toEqual([false, false])
  })

  test('not again in a linked working tree of the same clone', async () => {
    await isChecked()
    const other = join(scratchFolder(), 'tree')
    sh(root, 'worktree', 'add', '-q', other)
    expect(await run(['status', '--verbose'], { cwd: other })).toMatchObject({
      stderr: expect.not.stringMatching(/not known/),
    })
  })

  test('again at another place, with the mark that came with it', async () => {
    await isChecked()
    const moved = scratchFolder()
    cpSync(join(root, '.git/repose'), join(moved, 'copy'), { recursive: true })
    const { stderr } = await run(['status', '--verbose', '--db', join(moved, 'copy/repose.db')])
    expect(stderr).toMatch(/not known/)
  })

  test('again if the state folder came with it, since HOME or XDG_STATE_HOME leads into the repository', async () => {
    const env = { XDG_STATE_HOME: join(root, 'home/.local/state') }
    await isChecked(env)
    cpSync(root, `${root}-archive`, { recursive: true, preserveTimestamps: true })
    rmSync(root, { recursive: true })
    cpSync(`${root}-archive`, root, { recursive: true, preserveTimestamps: true }) // at the place that its entry names
    expect([await isChecked(env), await isChecked(env)]).toEqual([true, false])
  })

  test('again with another mark, or none', async () => {
    await isChecked()
    const mark = readFileSync(`${db}-mark`, 'utf8')
    writeFileSync(`${db}-mark`, `${'0'.repeat(32)}\n`)
    expect(await isChecked()).toBe(true)
    expect(readFileSync(`${db}-mark`, 'utf8')).not.toBe(mark)
    rmSync(`${db}-mark`)
    expect([await isChecked(), await isChecked()]).toEqual([true, false])
  })

  test('at each start where the state folder cannot be written, even if repose made it', async () => {
    const env = { XDG_STATE_HOME: devNull }
    expect([await isChecked(env), await isChecked(env)]).toEqual([true, true])
    rmSync(db)
    expect([await isChecked(env), await isChecked(env)]).toEqual([false, true])
  })
})
