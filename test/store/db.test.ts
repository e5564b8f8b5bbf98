import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../src/store/db.ts'
import { asUserError, inUse } from '../../src/store/db-errors.ts'
import { openStore } from '../../src/store/open-store.ts'
import { removeFolder } from '../helpers/platform.ts'

test.each(['user_version', 'application_id'])('a store writes nothing once another version has raised %s', (pragma) => {
  const folder = mkdtempSync(join(tmpdir(), 'repose-db-'))
  const path = join(folder, 'x.db')
  const old = openStore(path)
  onTestFinished(() => {
    old.close()
    removeFolder(folder)
  })
  old.facts.worktree('/a')
  const newer = openDb(path)
  newer.exec(`PRAGMA ${pragma} = 999`)
  newer.close()
  expect(() => old.facts.worktree('/b')).toThrow('newer version')
  expect(() => old.db.transaction(() => old.facts.worktree('/b'))).toThrow('newer version')
  expect(() => old.facts.dropNameIndexes()).toThrow('newer version')
  expect(old.facts.worktrees()).toMatchObject([{ root: '/a' }])
})

test('an error of SQLite says which database it is of, and a damaged cache does not cost the database beside it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'repose-db-'))
  const path = join(folder, 'x.db.past')
  const db = openDb(path)
  onTestFinished(() => {
    db.close()
    removeFolder(folder)
  })
  const thrown = (work: () => void) => {
    try {
      work()
    } catch (error) {
      return Object.assign(error as Error, { code: 'SQLITE_CORRUPT' })
    }
  }
  const writes = [
    () => db.run('no SQL'),
    () => db.all('no SQL'),
    () => db.get('no SQL'),
    () => db.lists('no SQL'),
    () => db.column('no SQL'),
    () => db.exec('no SQL'),
    () => db.insertAll('no SQL', [[1]]),
    () => db.transaction(() => db.run('no SQL')),
  ]
  for (const work of writes)
    expect(asUserError(thrown(work), null)).toMatchObject({
      message: `the database ${path} is damaged, or not one of repose`,
      fix: `if it is repose's, repose clean --yes --db ${path} deletes it and it is made anew`,
    })
  const told = asUserError(thrown(writes[0]!), path)
  expect(asUserError(told, null)).toBe(told)
})

test('a database that another process has open is told from one that may not be written', () => {
  const error = (code: string) => Object.assign(new Error(code), { code })
  expect(asUserError(error('EBUSY'), '/shop/x.db')).toMatchObject({
    message: 'the database /shop/x.db is in use by another process (EBUSY)',
    fix: expect.stringContaining('repose watch stop'),
  })
  expect(asUserError(error('EACCES'), '/shop/x.db')).toMatchObject({ message: expect.stringContaining('written') })
  expect(inUse(error('EPERM'), '/shop/x.db', 'win32')?.message).toContain('in use')
  expect(inUse(error('EPERM'), '/shop/x.db', 'linux')).toBe(null)
})
