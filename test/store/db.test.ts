import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../src/store/db.ts'

test('a connection writes nothing once a newer version has changed the schema', () => {
  const folder = mkdtempSync(join(tmpdir(), 'repose-db-'))
  const path = join(folder, 'x.db')
  const old = openDb(path)
  onTestFinished(() => {
    old.close()
    rmSync(folder, { recursive: true })
  })
  const add = () => old.transaction(() => old.run("INSERT INTO worktree (root) VALUES ('/a')"))
  add()
  const newer = openDb(path)
  newer.exec(`PRAGMA user_version = ${newer.version() + 1}`)
  newer.close()
  expect(() => old.transaction(() => old.run("INSERT INTO worktree (root) VALUES ('/b')"))).toThrow('newer version')
  expect(old.all('SELECT root FROM worktree')).toEqual([{ root: '/a' }])
})
