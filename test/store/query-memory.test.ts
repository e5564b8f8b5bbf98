import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Db, openDb } from '../../src/store/db.ts'
import { queryMemory, remembered, rememberedEach } from '../../src/store/query-memory.ts'
import { newFolder } from '../helpers/scratch-folders.ts'

let path: string
let db: Db
beforeEach(() => {
  path = join(newFolder('query-memory-'), 'x.db')
  db = openDb(path)
})
afterEach(() => db.close())

const paths = (one: Db) => one.column<string>('SELECT text FROM path ORDER BY text')
const add = (one: Db, text: string) => one.run('INSERT INTO path (text) VALUES (?)', text)

/** Reads all paths through a memory. */
function reader(most = 100) {
  const known = queryMemory<string, readonly string[]>(db, most)
  return (worktree = 1) => remembered(known(worktree), 'all', () => paths(db))
}

test('a query is asked once while nothing is written, and for each working tree', () => {
  const read = reader()
  const first = read()
  expect(read()).toBe(first)
  expect(read(2)).not.toBe(first)
  expect(read()).toBe(first)
})

test('what this connection writes is seen, and what it rolls back is not', () => {
  const read = reader()
  expect(read()).toEqual([])
  add(db, 'a')
  expect(read()).toEqual(['a'])
  const half = () =>
    db.transaction(() => {
      add(db, 'b')
      expect(read()).toEqual(['a', 'b'])
      throw new Error('stop')
    })
  expect(half).toThrow('stop')
  expect(read()).toEqual(['a'])
  db.insertAll('INSERT INTO path (text)', [['c']])
  expect(read()).toEqual(['a', 'c'])
  db.exec('DELETE FROM path')
  expect(read()).toEqual([])
  db.value('INSERT INTO path (text) VALUES (?) RETURNING id', 'd')
  expect(read()).toEqual(['d'])
})

test('a transaction in steps that is rolled back leaves nothing behind', async () => {
  const read = reader()
  const half = db.transactionInSteps(async () => {
    add(db, 'a')
    expect(read()).toEqual(['a'])
    throw new Error('stop')
  })
  await expect(half).rejects.toThrow('stop')
  expect(read()).toEqual([])
})

test('what another connection writes is seen', () => {
  const read = reader()
  expect(read()).toEqual([])
  const other = openDb(path)
  add(other, 'a')
  expect(read()).toEqual(['a'])
  other.close()
})

test('only keys that are not known are read, those without a value too, and the order is that of the keys', () => {
  const known = queryMemory<number, string>(db, 100)
  const asked: (readonly number[])[] = []
  const read = (keys: readonly number[]) =>
    rememberedEach(known(1), keys, (unknown) => {
      asked.push(unknown)
      return unknown.filter((key) => key < 10).map((key) => [key, `value ${key}`] as const)
    })
  expect([...read([2, 11, 1])]).toEqual([
    [2, 'value 2'],
    [1, 'value 1'],
  ])
  expect([...read([1, 3, 11])].map(([key]) => key)).toEqual([1, 3])
  read([3, 11])
  expect(asked).toEqual([[2, 11, 1], [3]])
})

test('a query that fails leaves nothing behind', () => {
  const known = queryMemory<number, string>(db, 100)
  const fail = () => {
    throw new Error('disk')
  }
  expect(() => rememberedEach(known(1), [1], fail)).toThrow('disk')
  expect([...rememberedEach(known(1), [1], () => [[1, 'one']])]).toEqual([[1, 'one']])
})

test('it does not grow for ever', () => {
  const known = queryMemory<number, string>(db, 3)
  for (const key of [1, 2, 3]) remembered(known(1), key, () => 'value')
  expect(known(1).size).toBe(0)
})
