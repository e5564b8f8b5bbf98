import { expect, test } from 'vitest'
import { nameFiles } from '../../src/retrieve/name-files.ts'
import { requestTerms } from '../../src/retrieve/request-terms.ts'
import { combine } from '../../src/retrieve/score.ts'
import type { Hits } from '../../src/retrieve/signal.ts'

const hits = (scores: Record<string, number>, why: string): Hits =>
  new Map(Object.entries(scores).map(([path, score]) => [path, { score, why }]))

test('signals are made comparable, weighed and added; the heaviest evidence stands first', () => {
  const ranked = combine({
    words: hits({ 'a.ts': 50, 'b.ts': 40 }, 'words'),
    coChange: hits({ 'b.ts': 3, 'c.ts': 1.5 }, 'changes'),
  })
  expect(ranked.map((file) => file.path)).toEqual(['b.ts', 'a.ts', 'c.ts'])
  expect(ranked[0]!.why).toEqual(['words', 'changes'])
  expect(ranked.every((file) => file.score > 0 && file.score <= 1)).toBe(true)
})

test('no signal, no files; a signal of zeros says nothing', () => {
  expect(combine({})).toEqual([])
  expect(combine({ words: hits({ 'a.ts': 0 }, 'w') })).toEqual([])
})

test('source files near the best are to modify; tests and docs are companions; the rest is listed as maybe', () => {
  const file = (path: string, score: number) => ({ path, score, why: [] })
  const named = nameFiles([
    file('src/a.ts', 1),
    file('test/a.test.ts', 0.9),
    file('src/b.ts', 0.7),
    file('docs/a.md', 0.6),
    file('src/c.ts', 0.59),
    file('docs/z.md', 0.01),
  ])
  expect(named.map(({ path, role }) => `${path} ${role}`)).toEqual([
    'src/a.ts modify',
    'test/a.test.ts test',
    'src/b.ts modify',
    'docs/a.md doc',
    'src/c.ts maybe',
    'docs/z.md maybe',
  ])
})

test('a request is split into terms, the title three times, the words of asking left out; quoted names are kept', () => {
  const { terms, quoted } = requestTerms(
    'feat(parser): Add `parseLines` to src/read.ts\n\n<!-- template -->Support get_user too. https://example.com/x',
  )
  expect(terms.filter((term) => term === 'parser')).toHaveLength(3)
  expect(terms).toContain('parselines')
  for (const term of ['feat', 'add', 'support', 'templat', 'example']) expect(terms).not.toContain(term)
  expect(quoted).toEqual(expect.arrayContaining(['parseLines', 'src/read.ts', 'get_user']))
  expect(requestTerms('   ')).toEqual({ terms: [], quoted: [], spelled: new Map() })
  expect(requestTerms('Mark sensitive values').spelled.get('sensitiv')).toBe('sensitive')
})
