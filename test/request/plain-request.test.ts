import { expect, test } from 'vitest'
import { plainRequest } from '../../src/request/plain-request.ts'

const words = (text: string) => text.split(/\s+/).filter(Boolean).join(' ')
const read = (text: string) => {
  const { title, body } = plainRequest(text)
  return { title: words(title), body: words(body) }
}

test('the first line is the title, the rest the body', () => {
  expect(read('\nAdd a CSV format\r\n\r\nFor reports.\r\n')).toEqual({
    title: 'Add a CSV format',
    body: 'For reports.',
  })
  expect(read('Issue #12: Add a CSV format').title).toBe('Add a CSV format')
  expect(read('Add a CSV format for issue #12\n\nAs in #13').title).toBe('Add a CSV format')
  expect(read('X-Request-ID: a header\n\nX-Origin: here').title).toBe('X-Request-ID: a header')
  expect(read('x-axis labels').title).toBe('x-axis labels')
  expect(read('   ')).toEqual({ title: '', body: '' })
  expect(read('# Add a CSV format\n\n## Option\n\n`--csv`')).toEqual({
    title: '# Add a CSV format',
    body: '## Option `--csv`',
  })
})

test('the head that gh issue view prints is read', () => {
  const head =
    'state:\tOPEN\nauthor:\tada\nlabels:\tenhancement\ncomments:\t2\nassignees:\t\nprojects:\t\nnumber:\t12\n--\n'
  expect(read(`title:\tAdd a \`--quiet\` flag\n${head}Would be nice.`)).toEqual({
    title: 'Add a `--quiet` flag',
    body: 'Would be nice.',
  })
})

test('of a form that begins with a question the first answer in words is the title, and the rest of the answers stay', () => {
  const form = `### Vue version

3.5.13

### Steps to reproduce

1. Use Teleport with defer. It mounts late.

### What is expected?

Teleport is disabled

### System Info

\`\`\`
OS: Linux 6.1
\`\`\`

### Any additional comments?

_No response_
`
  expect(read(form)).toEqual({
    title: 'Use Teleport with defer.',
    body: '1. Use Teleport with defer. It mounts late. Teleport is disabled',
  })
  const bold = `**Is your feature request related to a problem? Please describe.**
The JUnit reporter loses the order.

**Describe the solution you'd like**
Sort by file.

- [x] I have read the contributing guide
`
  expect(read(bold)).toEqual({
    title: 'The JUnit reporter loses the order.',
    body: 'The JUnit reporter loses the order. Sort by file.',
  })
})

test('a title above a form stays, and so do headings that ask nothing', () => {
  expect(
    read('Add CSV\n\n## What does this do?\nNew format\n\n## Checklist\n- [x] tests\n\n## How it works\nBy rows'),
  ).toEqual({
    title: 'Add CSV',
    body: 'New format By rows',
  })
  const own = 'Add CSV\n\n## Option\n`--csv`\n\n## Config key\n`csv`\n- [ ] docs'
  expect(read(own).body).toBe('## Option `--csv` ## Config key `csv` - [ ] docs')
})

test('headings in code, and a first heading that asks nothing, make no form', () => {
  const text = '# Add CSV\n\n```sh\n# What it prints\n# How it ends\n```\n\n# Why'
  expect(read(text)).toEqual({ title: '# Add CSV', body: '```sh # What it prints # How it ends ``` # Why' })
})

test('of addresses only the path of a file in a repository stays', () => {
  expect(read('https://github.com/acme/shop/issues/3815')).toEqual({ title: '', body: '' })
  expect(
    read('Wrong quotes\n\nSee https://github.com/acme/shop/blob/main/src/fix/quotes.py#L20-L40, please').body,
  ).toBe('See main/src/fix/quotes.py please')
  expect(read('Like [pypi](https://pypi.org/project/x) does').title).toBe('Like [pypi]( ) does')
  expect(read('In https://gitlab.com/acme/shop/-/blob/v2/lib/a.rb').title).toBe('In v2/lib/a.rb')
})

test('comments, trailers, contractions and hashes of commits go', () => {
  expect(read('As in 9e8fe8bd0c1, not defaced or 1234567').title).toBe('As in , not defaced or 1234567')
  expect(
    read("It doesn't list\n\n<!-- tell us\nmore -->\nI'd like what it’s for\n\nSigned-off-by: Ada <a@b.c>"),
  ).toEqual({
    title: 'It list',
    body: 'I like what it for',
  })
})

test.each([
  `# a${' '.repeat(100_000)}b`,
  '**'.repeat(50_000),
  "don't ".repeat(20_000),
  'a'.repeat(100_000),
  'https://a/b/c/'.repeat(8000),
  ...['<!--', '```', '**a', '# is this', '- [ ] ', '`a'].map((part) => `\n${`${part}\n`.repeat(20_000)}`),
])('a long request is read in time', (request) => {
  const started = performance.now()
  plainRequest(request)
  expect(performance.now() - started).toBeLessThan(1000)
})
