import { expect, test } from 'vitest'
import { readRequest } from '../../src/request/read-request.ts'
import { CALIBRATION, likelihood } from '../../src/retrieve/likelihood.ts'
import { bestCut, nameFiles } from '../../src/retrieve/name-files.ts'
import { combine, type Scored, WEIGHTS } from '../../src/retrieve/score.ts'
import type { Hits } from '../../src/retrieve/signal.ts'

const termsIn = (text: string) => readRequest(text).terms

const hits = (scores: Record<string, number>, why: string): Hits =>
  new Map(Object.entries(scores).map(([path, score]) => [path, { score, why: () => why }]))

const scored = (path: string, score: number): Scored => ({
  path,
  score,
  evidence: () => [{ value: score, why: () => 'words' }],
})

test('signals are made comparable, weighed and added; the heaviest evidence stands first', () => {
  const signals = {
    body: hits({ 'a.ts': 50, 'b.ts': 40 }, 'words'),
    coChange: hits({ 'b.ts': 3, 'c.ts': 1.5 }, 'changes'),
  }
  const ranked = combine(signals, { ...WEIGHTS, body: 1, coChange: 0.5 })
  expect(ranked.map((file) => file.path)).toEqual(['b.ts', 'a.ts', 'c.ts'])
  expect(ranked[0]!.evidence().map(({ why }) => why())).toEqual(['words', 'changes'])
  expect(ranked.map(({ score }) => score)).toEqual([Math.sqrt(0.8) + 0.5, 1, 0.5 * Math.sqrt(0.5)])
  expect(combine(signals, { ...WEIGHTS, coChange: 0 }).map(({ path }) => path)).not.toContain('c.ts')
})

test('a signal is measured by its best source file: a test that repeats every word does not dwarf the sources', () => {
  const ranked = combine(
    { body: hits({ 'test/a.test.ts': 100, 'src/a.ts': 10, 'src/b.ts': 5 }, 'words') },
    { ...WEIGHTS, body: 1 },
  )
  expect(Object.fromEntries(ranked.map(({ path, score }) => [path, score]))).toEqual({
    'src/a.ts': 1,
    'src/b.ts': Math.sqrt(0.5),
    'test/a.test.ts': 1,
  })
})

test('no signal, no files; a signal of zeros says nothing', () => {
  expect(combine({})).toEqual([])
  expect(combine({ body: hits({ 'a.ts': 0 }, 'w') })).toEqual([])
})

test('a probability falls with the score, and lies between 0 and 1', () => {
  const files = likelihood([
    scored('src/a.ts', 9),
    scored('src/b.ts', 8),
    scored('test/a.test.ts', 8),
    scored('src/c.ts', 1),
  ])
  const ofSources = files.filter(({ path }) => path.startsWith('src/')).map(({ probability }) => probability)
  expect(ofSources).toEqual([...ofSources].sort((a, b) => b - a))
  for (const { probability } of files) expect(probability > 0 && probability < 1).toBe(true)
})

test('a probability is that of a share, a place and a score', () => {
  const even = { base: -1, share: 0.5, place: -0.25, score: 0.1 }
  const [first, second] = likelihood([scored('a.ts', 2), scored('b.ts', 2)], { ...CALIBRATION, source: even })
  const of = (log: number) => 1 / (1 + Math.exp(-log))
  expect(first!.probability).toBeCloseTo(of(-1 + 0.5 * Math.log(0.5) + 0.2), 12)
  expect(second!.probability).toBeCloseTo(of(-1 + 0.5 * Math.log(0.5) - 0.25 * Math.log(2) + 0.2), 12)
})

test('as many files are named as make the expected F1 largest', () => {
  expect(bestCut([])).toEqual({ named: 0, f1: 0 })
  expect(bestCut([0, 0])).toEqual({ named: 0, f1: 0 })
  expect(bestCut([1, 1, 1, 0, 0])).toEqual({ named: 3, f1: 1 })
  expect(bestCut([0.9, 0.1, 0.1])).toEqual({ named: 1, f1: 1.8 / 2.1 })
  expect(bestCut(Array<number>(40).fill(0.3)).named).toBe(12)
})

test('sure source files are to modify; likely tests and docs are companions; the rest is listed as maybe, with the evidence once', () => {
  const named = nameFiles([
    {
      ...scored('src/a.ts', 12),
      evidence: () => [
        { value: 2, why: () => 'words' },
        { value: 1, why: () => '' },
        { value: 1, why: () => 'words' },
      ],
    },
    scored('test/a.test.ts', 12),
    scored('docs/a.md', 12),
    scored('src/b.ts', 3),
    scored('docs/z.md', 1),
  ])
  const roles = new Map(named.map(({ path, role }) => [path, role]))
  expect(Object.fromEntries(roles)).toEqual({
    'src/a.ts': 'modify',
    'test/a.test.ts': 'test',
    'docs/a.md': 'doc',
    'src/b.ts': 'maybe',
    'docs/z.md': 'maybe',
  })
  expect(named.find(({ path }) => path === 'src/a.ts')!.why).toEqual(['words'])
})

test('a request is split into terms, those of the title three times, the words of asking left out; quoted names are kept', () => {
  const { title, terms, quoted } = termsIn(
    'feat(parser): Add `parseLines` to src/read.ts\n\n<!-- template -->Support get_user too. https://example.com/x',
  )
  expect(title).toContain('parser')
  expect(title).not.toContain('user')
  expect(terms.filter((term) => term === 'parser')).toHaveLength(3)
  expect(terms).toContain('parselines')
  for (const term of ['feat', 'add', 'support', 'templat', 'example']) expect(terms).not.toContain(term)
  expect(quoted).toEqual(expect.arrayContaining(['parseLines', 'src/read.ts', 'get_user']))
  expect(termsIn('   ')).toEqual({
    title: [],
    terms: [],
    quoted: [],
    spelled: new Map(),
    pieces: new Set(),
  })
  expect(termsIn('Mark sensitive values').spelled.get('sensitiv')).toBe('sensitive')
  expect(termsIn('perf!(cli): Add a CSV export').title).toEqual(['cli', 'csv', 'export'])
  const { spelled } = termsIn('startOfMinute and reverse_proxy, Reversed; $weird [x]')
  expect(['startofminute', 'minut', 'revers', 'proxy'].map((term) => spelled.get(term))).toEqual([
    'startOfMinute',
    'minute',
    'reverse',
    'proxy',
  ])
})

test('what a request says often counts more, up to five times', () => {
  const count = (term: string) =>
    termsIn(
      `Cart totals\n\nA cart, and the cart, and carts again. Coupons: a coupon. ${'discount '.repeat(9)}`,
    ).terms.filter((one) => one === term).length
  expect(['cart', 'total', 'coupon', 'discount', 'again'].map(count)).toEqual([5, 3, 2, 5, 1])
})

test('numbers of one or two digits are searched for in the title alone', () => {
  const { terms } = termsIn('Support release 12\n\nSee line 42 of 12 files, and port 8080')
  expect(terms.filter((term) => /^\d+$/.test(term))).toEqual(['12', '12', '12', '8080'])
})

test('of a long issue the first sixty different words are searched for, and of a long title', () => {
  const words = Array.from({ length: 70 }, (_, i) => `word${'abcdefghij'[i % 10]}${'klmnopq'[Math.floor(i / 10)]}`)
  expect(new Set(termsIn(`Cart\n\n${words.join(' ')}`).terms)).toEqual(new Set(['cart', ...words.slice(0, 60)]))
  expect(termsIn(words.join(' ')).title).toEqual(words.slice(0, 60))
})
