import { expect, test } from 'vitest'
import { findItem, nearestItems } from '../../src/backlog/find-item.ts'
import { readItems } from '../../src/backlog/read-items.ts'
import { openStore } from '../../src/store/open-store.ts'

test('issues of GitHub, by its command line and by its REST calls', () => {
  const { source, items, leftOut } = readItems(
    JSON.stringify([
      {
        number: 7,
        title: ' Add  CSV ',
        body: 'a\r\nb',
        author: { login: 'ann' },
        labels: [{ name: 'x' }],
        url: 'https://github.com/o/r/issues/7',
      },
      {
        number: 8,
        title: 'Add XML',
        body: null,
        user: { login: 'bo' },
        html_url: 'https://github.com/o/r/issues/8',
        state: 'closed',
      },
      { number: 9, title: 'Add TOML', user: { login: 'bo' }, pull_request: { url: 'x' } },
      { title: 'no number' },
      'no issue',
    ]),
  )
  expect(source).toBe('github')
  expect(items).toEqual([
    {
      key: 'https://github.com/o/r/issues/7',
      url: 'https://github.com/o/r/issues/7',
      author: 'ann',
      request: 'Add CSV\n\na\nb',
      isClosed: false,
    },
    {
      key: 'https://github.com/o/r/issues/8',
      url: 'https://github.com/o/r/issues/8',
      author: 'bo',
      request: 'Add XML',
      isClosed: true,
    },
  ])
  expect(leftOut).toEqual([
    '#9: a pull request',
    'entry 4: it has no number and title',
    'entry 5: it has no number and title',
  ])
})

test('issues of GitLab', () => {
  const { source, items } = readItems(
    JSON.stringify({
      iid: 3,
      title: 'Add CSV',
      description: 'b',
      author: { username: 'ann' },
      web_url: 'https://gitlab.com/o/r/-/issues/3',
      state: 'opened',
    }),
  )
  expect(source).toBe('gitlab')
  expect(items).toMatchObject([{ author: 'ann', request: 'Add CSV\n\nb', isClosed: false }])
})

test('a check list, with what is indented below an entry; code is no list', () => {
  const { source, items } = readItems(
    '# Plans\n\n- [ ] Add CSV\n  with semicolons\n* [x] Add XML\n1. [ ] Add TOML\n\nprose\n```\n- [ ] not this\n```\n',
  )
  expect(source).toBe('list')
  expect(items.map(({ request, isClosed }) => [request, isClosed])).toEqual([
    ['Add CSV\n\nwith semicolons', false],
    ['Add XML', true],
    ['Add TOML', false],
  ])
  expect(new Set(items.map(({ key }) => key)).size).toBe(3)
})

test('an issue of 200 kB is cut off; an address that is none of the web is not kept', () => {
  const [item] = readItems(
    JSON.stringify([{ number: 1, title: 'Add', body: 'x'.repeat(200_000), url: 'javascript:alert(1)' }]),
  ).items
  expect(item!.request.length).toBeLessThan(20_100)
  expect(item!.request).toMatch(/cut off after 20000 characters\]$/)
  expect(item).toMatchObject({ url: null, key: '1' })
})

const items = [
  { id: 1, url: 'https://github.com/o/r/issues/7', request: 'Add a CSV output format\n\nwith semicolons' },
  { id: 2, url: null, request: 'Add C++ output' },
  { id: 3, url: null, request: 'Add C output' },
  { id: 4, url: null, request: 'Read the configuration from a file' },
  { id: 5, url: null, request: 'Read the configuration from a file' },
]

test.each([
  ['#2', 2],
  ['https://github.com/o/r/issues/7', 1],
  ['https://github.com/o/r/issues/7/', 1],
  ['add a  `CSV` output format.', 1],
  ['Add C output', 3],
  ['Add a CSV output format\n\nwith tabs', null],
  ['Add CSV', null],
  ['Read the configuration from a file', 4], // two that ask for the same
  ['#9', null],
])('%j is recognised without a model: %j', (request, id) => {
  expect(findItem(request, items)?.id ?? null).toBe(id)
})

test('the nearest titles come first, and words that many titles have count less', () => {
  const titles = ['Add a JSON output', 'Add a quiet flag', 'Write a table of prices as CSV', 'Add a colour flag']
  const all = titles.map((request, i) => ({ id: i + 1, url: null, request }))
  expect(nearestItems('Add prices in CSV', all, 2).map(({ id }) => id)).toEqual([3, 1])
})

test('an address with a secret is known again as it is stored', () => {
  const token = `ghp_${'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5'}`
  const issue = { number: 1, title: 'Add CSV', url: `https://example.org/1?token=${token}` }
  const [item] = readItems(JSON.stringify([issue])).items
  expect(item!.key).toBe('https://example.org/1?token=[GitHub token left out]')
  const store = openStore(':memory:')
  const add = () => store.backlog.add({ ...item!, source: 'github', isApproved: false }, 1).change
  expect([add(), add()]).toEqual(['new', 'same'])
  store.close()
})

test('no part of a secret is left where a long issue is cut off', () => {
  const key = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'
  for (const before of [19_940, 19_965, 19_980, 19_995]) {
    const body = `${'log '.repeat(5000).slice(0, before)} ghp_${key} ${'more '.repeat(20)}`
    const [item] = readItems(JSON.stringify([{ number: 1, title: 'Mend it', body }])).items
    expect(item!.request).not.toContain(key.slice(0, 6))
  }
})
