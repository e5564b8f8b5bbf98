import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from '../../src/store/open-store.ts'

let store: Store
let worktree: number
beforeEach(() => {
  store = openStore(':memory:')
  worktree = store.facts.worktree('/r').id
  store.search.prepare(worktree)
})
afterEach(() => store.close())

let made = 0
function put(path: string, body: string, names = '', summary: string | null = null): number {
  const blob = `blob${made++}`
  store.facts.saveSource(blob, '', {
    bytes: 1,
    lines: 1,
    reason: null,
    problem: null,
    parsed: null,
    isClean: false,
    terms: JSON.stringify({ names: [names], docs: [], body: [body] }),
  })
  const source = store.facts.sourceId(blob, '')!
  const file = store.facts.putFile(worktree, path, source, null)
  store.search.put(worktree, [{ file, path, source, summary }])
  return file
}

const find = (...terms: string[]) => store.search.find(worktree, terms, 10).map((hit) => hit.path)

test('a word in the path or in a name counts more than in the body; rare words more than common ones', () => {
  put('a.ts', 'cart')
  put('b.ts', 'price', 'cart')
  put('src/cart.ts', 'price')
  put('c.ts', 'price vat')
  expect(find('cart')).toEqual(['src/cart.ts', 'b.ts', 'a.ts'])
  expect(find('price', 'vat')[0]).toBe('c.ts')
})

test('holders and frequency of a term', () => {
  const a = put('a.ts', 'cart')
  put('b.ts', 'price')
  expect([...store.search.holders(worktree, 'cart')]).toEqual([a])
  expect(store.search.frequency(worktree, 'cart')).toBe(1)
})

test('a file that is put again or removed is found by what it says now', () => {
  const a = put('a.ts', 'cart')
  put('a.ts', 'basket', '', 'Where customers gather books')
  expect(find('cart')).toEqual([])
  expect(find('basket')).toEqual(['a.ts'])
  expect(find('customer')).toEqual(['a.ts'])
  put('b.ts', 'basket')
  store.search.remove(worktree, [a])
  expect(find('basket')).toEqual(['b.ts'])
})

test('scores do not tell how often files were put or removed before', () => {
  const files = [1, 2, 3].map((i) => put(`${i}.ts`, `cart ${'price '.repeat(i)}`))
  const scores = () => store.search.find(worktree, ['cart', 'price'], 10).map(({ path, score }) => [path, score])
  const once = scores()
  for (let i = 0; i < 5; i++) {
    put('1.ts', 'basket basket basket', 'Basket', 'Where customers gather books')
    store.search.remove(worktree, [put('other.ts', 'cart cart cart')])
  }
  expect(scores()).not.toEqual(once)
  expect(put('1.ts', 'cart price ')).toBe(files[0])
  expect(scores()).toEqual(once)
})

test('a file that is removed twice at once is removed once', () => {
  const file = put('a.ts', 'cart')
  put('b.ts', 'cart price')
  const other = store.search.find(worktree, ['price'], 10)
  store.search.remove(worktree, [file, file])
  put('a.ts', 'cart')
  expect(store.search.find(worktree, ['price'], 10)).toEqual(other)
})

test('a file that is still findable does not leave the table of files', () => {
  const file = put('a.ts', 'cart')
  expect(() => store.facts.removeFile(file)).toThrow('FOREIGN KEY')
  store.search.remove(worktree, [file])
  store.facts.removeFile(file)
  expect(store.facts.fileCount(worktree)).toBe(0)
})

test('no terms and terms that no file holds find nothing; quotes in a term are harmless', () => {
  put('a.ts', 'cart')
  expect(find()).toEqual([])
  expect(find('zebra')).toEqual([])
  expect(find('"cart" OR "x')).toEqual([])
})

test('how rare a word is among source files does not depend on what documents say', () => {
  put('a.ts', 'cart')
  put('b.ts', 'price')
  const alone = store.search.find(worktree, ['cart', 'price'], 10)
  for (let i = 0; i < 9; i++) put(`docs/${i}.md`, 'cart cart cart')
  const sources = store.search.find(worktree, ['cart', 'price'], 10).filter(({ path }) => path.endsWith('.ts'))
  expect(sources).toEqual(alone)
  expect(store.search.frequency(worktree, 'cart')).toBe(1)
  put('docs/vat.md', 'vat')
  expect(store.search.frequency(worktree, 'vat')).toBe(1)
})

test('whether a path says all of some terms, that of a document too; what stands in a file is no matter', () => {
  put('src/drivers/redis.ts', 'mongo')
  put('docs/cli.md', 'venn')
  const said = (...terms: string[]) => store.search.isInPath(worktree, terms)
  expect([said('redis'), said('driver', 'redis'), said('cli')]).toEqual([true, true, true])
  expect([said('mongo'), said('venn'), said('driver', 'cli')]).toEqual([false, false, false])
})
