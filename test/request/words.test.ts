import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { countTerms, isStopWord, stem, termFinder, termsOf } from '../../src/request/words.ts'

test.each([
  ['parseHTMLFile', ['pars', 'html', 'file', 'parsehtmlfile']],
  ['get_user_name', ['get', 'user', 'name', 'getusername']],
  ['HTTP2Server', ['http', '2', 'server', 'http2server']],
  ['__init__', ['init']],
  ['$store', ['stor']],
  ['naïveÉtat', ['naïve', 'état', 'naïveétat']],
  ['日本語', ['日本', '本語']],
  ['使用Redis缓存', ['使用', 'redis', '缓存']],
  ['サーバーを', ['サー', 'ーバ', 'バー', 'ーを']],
  ['파일을', ['파일', '일을']],
  ['a'.repeat(100), []],
])('%s', (word, terms) => {
  expect(termsOf(word)).toEqual(terms)
})

test.each([
  ['icons', 'icon'],
  ['queries', 'query'],
  ['query', 'query'],
  ['classes', 'class'],
  ['parsing', 'pars'],
  ['parsed', 'pars'],
  ['parse', 'pars'],
  ['running', 'run'],
  ['status', 'status'],
  ['this', 'this'],
  ['theme', 'theme'],
  ['themes', 'theme'],
  ['theming', 'theming'],
  ['canned', 'canned'],
])('%s and its stem %s', (word, stemmed) => {
  expect(stem(word)).toBe(stemmed)
})

test('a Chinese sentence is one word without spaces, and is split however long it is', () => {
  const sentence = `${'当缓存过期时，'.repeat(20)}使用Redis`
  expect(termsOf(sentence)).toEqual(expect.arrayContaining(['缓存', '过期', '使用', 'redis']))
  expect(termsOf(`é${'a'.repeat(100)}`)).toEqual([])
})

test('counting gives what splitting gives', () => {
  const text = 'const cartTotal = (cart) => cart.totals // the Total of a cart: café, 日本語テスト'
  const counts = new Map<string, number>()
  for (const term of termsOf(text)) counts.set(term, (counts.get(term) ?? 0) + 1)
  for (const _ of ['first', 'again']) {
    const told: [string, number][] = []
    countTerms(text, (term, count) => told.push([term, count]))
    expect(told).toEqual([...counts])
  }
})

test('more different words than are remembered', () => {
  const words = (from: number) => Array.from({ length: 101_000 }, (_, i) => `w${(from + i).toString(36)}`).join(' ')
  countTerms(words(0), () => {})
  countTerms(words(101_000), () => {})
  expect(termsOf('cartTotal')).toEqual(['cart', 'total', 'carttotal'])
  const told: [string, number][] = []
  countTerms('cartTotal cart', (term, count) => told.push([term, count]))
  expect(told).toEqual([
    ['cart', 2],
    ['total', 1],
    ['carttotal', 1],
  ])
})

test('words without meaning are known', () => {
  expect(['the', 'a', 'x', 'should'].every(isStopWord)).toBe(true)
  expect(['add', 'csv', 'id'].some(isStopWord)).toBe(false)
})

test('asked terms are found in the order in which a text holds them, as often as it does', () => {
  const find = termFinder(new Set(['cart', 'total']))
  expect(find('cartTotal, the_cart and totals of it')).toEqual(['cart', 'total', 'cart', 'total'])
  expect(find('cartTotal')).toEqual(['cart', 'total'])
  expect(find('nothing of it')).toEqual([])
})

test.each([
  ['foobar', 'a FOO_BAR of it', ['foobar']],
  ['query', 'useQueries()', ['query']],
  ['pars', 'while parsing, parse', ['pars', 'pars']],
  ['run', 'Running', ['run']],
])('the term %s is found in "%s"', (term, text, found) => {
  expect(termFinder(new Set([term]))(text)).toEqual(found)
})

test('of a text no more is kept in memory than its words', () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const used = () => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = used()
  for (let i = 0; i < 300; i++) termsOf(Buffer.from(`aLongNameOfText${i}${' '.repeat(100_000)}`).toString())
  expect(used() - before).toBeLessThan(10e6) // of 30
})
