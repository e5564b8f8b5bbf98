import { describe, expect, test } from 'vitest'
import { directionsIn } from '../../src/backlog/evidence/directions-in.ts'
import type { RecentCommit } from '../../src/backlog/evidence/evidence.ts'
import { plansIn } from '../../src/backlog/evidence/plans-in.ts'
import { promisesIn } from '../../src/backlog/evidence/promises-in.ts'
import { seriesIn } from '../../src/backlog/evidence/series-in.ts'
import { todosIn } from '../../src/backlog/evidence/todos-in.ts'
import { unreleasedIn } from '../../src/backlog/evidence/unreleased-in.ts'

const commit = (subject: string, more: Partial<RecentCommit> = {}): RecentCommit => ({
  ...{ hash: subject.length.toString(16).padStart(40, 'a'), subject, body: '', added: [], changed: [] },
  ...more,
})
const said = (found: readonly { readonly place: string; readonly text: string }[]) =>
  found.map(({ place, text }) => `${place} ${text}`)

test('plans: what a document lists below a heading of plans, and open boxes anywhere; not code, not what is done', () => {
  const text = [
    ...['# Shop', '', 'It sells.', '', '- [ ] Gift cards and vouchers', '- [x] Returns of books', ''],
    ...[
      '## Roadmap',
      '',
      '- Export to [CSV](csv.md)',
      '- **Import** of orders',
      '',
      '### Later',
      '',
      '1. A second shop',
      '',
    ],
    ...[
      '```',
      '- no plan at all',
      '```',
      '## Usage',
      '',
      '- Run the program',
      '',
      '## Limitations',
      '',
      'It knows one currency only.',
      'And more.',
    ],
  ].join('\n')
  expect(said(plansIn('README.md', text))).toEqual([
    'README.md:5 Gift cards and vouchers',
    'README.md:10 Export to CSV',
    'README.md:11 **Import** of orders',
    'README.md:15 A second shop',
    'README.md:26 It knows one currency only.',
  ])
  expect(plansIn('README.md', 'no headings')).toEqual([])
})

test.each([
  [
    'Keep a changelog',
    '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- CSV export\n\n## [1.2.0] - 2026-01-01\n\n- Old\n',
  ],
  ['an underlined heading', 'Unreleased\n----------\n\n* CSV export\n\n1.2.0\n-----\n\n* Old\n'],
  ['a version in progress', '## v1.3.0 (unreleased)\n\n- CSV export\n\n## v1.2.0\n\n- Old\n'],
])('unreleased: only the entries above the last release, with %s', (_, text) => {
  expect(unreleasedIn('CHANGELOG.md', text).map(({ text }) => text)).toEqual(['CSV export'])
})

test('unreleased: a changelog without such a section gives nothing', () => {
  expect(unreleasedIn('CHANGELOG.md', '## 1.2.0\n\n- Old\n')).toEqual([])
})

test('todos: comments of source files that say something, the busiest files first, three of a file', () => {
  const line = (path: string, line: number, text: string) => ({ path, line, text })
  const found = todosIn(
    [
      line('src/quiet.ts', 1, '// TODO: support more currencies'),
      line('src/busy.ts', 2, '  x() // FIXME(ann): rounds the wrong way */'),
      line('src/busy.ts', 3, 'const TODO = "a list of things to do"'),
      line('src/busy.ts', 4, '# TODO'),
      line('test/busy.test.ts', 5, '// TODO: test more of this file'),
      ...[6, 7, 8].map((at) => line('src/busy.ts', at, `// XXX another thing to be done ${at}`)),
    ],
    new Map([['src/busy.ts', 9]]),
  )
  expect(said(found)).toEqual([
    'src/busy.ts:2 rounds the wrong way',
    'src/busy.ts:6 another thing to be done 6',
    'src/busy.ts:7 another thing to be done 7',
    'src/quiet.ts:1 support more currencies',
  ])
})

test.each([
  [
    'Add CSV export',
    'Only with commas. Semicolons will be added in a later change.',
    'Semicolons will be added in a later change.',
  ],
  ['Prepare for a second currency: groundwork for prices', '', 'Prepare for a second currency: groundwork for prices'],
  ['Add returns (part 1)', '', 'Add returns (part 1)'],
  ['Import orders', 'Refunds are not yet supported', 'Refunds are not yet supported'],
])('promises: a commit says that more follows: %s', (subject, body, text) => {
  expect(promisesIn([commit(subject, { body })]).map((one) => one.text)).toEqual([text])
})

test('promises: other messages promise nothing', () => {
  expect(promisesIn([commit('Add CSV export', { body: 'The process would have nothing to do otherwise.' })])).toEqual(
    [],
  )
})

describe('series', () => {
  const paths = ['a', 'b', 'c', 'd'].map((name) => `src/formats/${name}.ts`)

  test('titles that differ in the name of a file; its siblings are named', () => {
    const commits = ['a', 'c'].map((name) => commit(`Port ${name} to the new writer (#12)`))
    expect(seriesIn(commits, paths).map(({ text }) => text)).toEqual([
      '"port … to the new writer" is done for a, c; not for b, d',
    ])
  })

  test('words that name no siblings, and a series that is whole, are none', () => {
    const of = (...names: string[]) => names.map((name) => commit(`Port ${name} to the new writer`))
    expect(seriesIn(of('this', 'that'), paths)).toEqual([])
    expect(seriesIn(of('a', 'b', 'c', 'd'), paths)).toEqual([])
    expect(seriesIn(of('a'), paths)).toEqual([])
  })

  test('a file of one name that was added to some of the folders beside each other', () => {
    const folders = ['shop', 'cart', 'orders'].map((name) => `src/${name}/index.ts`)
    const added = ['src/shop/limits.ts', 'src/cart/limits.ts']
    const commits = added.map((path) => commit('Add limits', { added: [path] }))
    const text = 'limits.ts was added to shop, cart of src/; orders lack it'
    expect(seriesIn(commits, [...folders, ...added]).map((one) => one.text)).toEqual([text])
    expect(seriesIn(commits.slice(1), [...folders, ...added])).toEqual([])
  })
})

test('directions: titles that change what the program does, newest first', () => {
  const subjects = ['Add CSV export', 'chore: tidy up', 'Bump zod from 3 to 4', 'docs: say more', 'Round prices']
  expect(directionsIn(subjects.map((subject) => commit(subject))).map(({ text }) => text)).toEqual([
    'Add CSV export',
    'Round prices',
  ])
})
