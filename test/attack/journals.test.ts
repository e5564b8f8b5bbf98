import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startRepose } from '../helpers/start-repose.ts'
import { scratchFolder, scratchRepo } from '../repo/scratch-repo.ts'

const MAGIC = Buffer.from([0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7])

/** A hot rollback journal: SQLite rolls it back when it opens the database, and then deletes the file that the end of the journal names. */
function journalNaming(victim: string, db: Buffer): Buffer {
  const page = db.readUInt16BE(16) === 1 ? 65536 : db.readUInt16BE(16)
  const head = Buffer.alloc(512)
  MAGIC.copy(head)
  for (const [value, at] of [
    [7, 12],
    [db.readUInt32BE(28), 16],
    [512, 20],
    [page, 24],
  ] as const)
    head.writeUInt32BE(value, at)
  const name = Buffer.from(victim)
  const end = Buffer.alloc(name.length + 20)
  end.writeUInt32BE(Math.floor(0x40000000 / page) + 1, 0)
  name.copy(end, 4)
  end.writeUInt32BE(name.length, 4 + name.length)
  end.writeUInt32BE(
    name.reduce((sum, byte) => (sum + ((byte << 24) >> 24)) >>> 0, 0),
    8 + name.length,
  )
  MAGIC.copy(end, 12 + name.length)
  return Buffer.concat([head, end])
}

test('the journal of a database of others deletes no file of the user', async () => {
  const root = scratchRepo({ 'a.ts': 'export const a = 1\n' })
  const run = (...args: string[]) => startRepose(args, { cwd: root })
  expect((await run('index')).code).toBe(0)
  const db = join(root, '.git/repose/repose.db')
  const victim = join(scratchFolder(), 'thesis.txt')
  writeFileSync(victim, 'mine')
  for (const end of ['-mark', '-wal', '-shm']) rmSync(db + end, { force: true })
  const whole = readFileSync(db)
  for (const args of [
    ['status'],
    ['find', 'a'],
    ['doctor'],
    ['backlog'],
    ['clean', '--unused', '--yes'],
    ['export', 'jsonl'],
  ]) {
    writeFileSync(db, whole)
    rmSync(`${db}-mark`, { force: true })
    writeFileSync(`${db}-journal`, journalNaming(victim, whole))
    const { stderr } = await run(...args)
    expect({ args, isThere: existsSync(victim), stderr }).toMatchObject({ args, isThere: true })
    expect(stderr).not.toMatch(/this is a bug/)
  }
  cpSync(db, `${db}.past`)
  writeFileSync(`${db}.past-journal`, journalNaming(victim, whole))
  expect((await run('clean', '--yes')).code).toBe(0)
  expect([existsSync(victim), existsSync(db)]).toEqual([true, false])
}, 120_000)

test('a database of a file format that SQLite does not know yet is no bug', async () => {
  const root = scratchRepo({ 'a.ts': 'export const a = 1\n' })
  expect((await startRepose(['index'], { cwd: root })).code).toBe(0)
  const db = join(root, '.git/repose/repose.db')
  for (const end of ['-mark', '-wal', '-shm']) rmSync(db + end, { force: true })
  const bytes = readFileSync(db)
  bytes.writeUInt32BE(99, 44)
  writeFileSync(db, bytes)
  const { code, stderr } = await startRepose(['status'], { cwd: root })
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/is damaged[^\n]*\nfix: /) })
})
