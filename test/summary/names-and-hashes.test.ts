import { expect, test } from 'vitest'
import { exchangeNames } from '../../src/summary/exchange-names.ts'
import { fence } from '../../src/summary/fence.ts'
import { folderTree } from '../../src/summary/folder-tree.ts'
import { fileSourceHash, hashOf, membersHash } from '../../src/summary/source-hash.ts'

test('lists of parts that run together have different hashes', () => {
  expect(hashOf(['ab', 'c'])).not.toBe(hashOf(['a', 'bc']))
  expect(hashOf(['a'])).not.toBe(hashOf(['a', '']))
  expect(fileSourceHash('blob', 'python')).not.toBe(fileSourceHash('blob', ''))
})

test('names change the end of the hash of a folder, what is said its beginning', () => {
  const a = membersHash([
    { name: 'a.ts', key: '2' },
    { name: 'b.ts', key: '1' },
  ])
  const renamed = membersHash([
    { name: 'c.ts', key: '2' },
    { name: 'b.ts', key: '1' },
  ])
  expect(renamed.said).toBe(a.said)
  expect(renamed.whole).not.toBe(a.whole)
  expect(a.whole.startsWith(a.said)).toBe(true)
  expect([a.names, renamed.names]).toEqual([
    ['b.ts', 'a.ts'],
    ['b.ts', 'c.ts'],
  ])
  expect(
    membersHash([
      { name: 'a.ts', key: '3' },
      { name: 'b.ts', key: '1' },
    ]).said,
  ).not.toBe(a.said)
  expect(
    membersHash(
      [
        { name: 'a.ts', key: '2' },
        { name: 'b.ts', key: '1' },
      ],
      ['README'],
    ).said,
  ).not.toBe(a.said)
})

test('names are exchanged as wholes, also for each other', () => {
  const body = {
    purpose: 'See `a.ts`, data.ts and (tax/rates.ts); not a.tsx.',
    parts: [{ name: 'a.ts', does: 'like b.ts' }],
    names: ['a.ts', 'b.ts', 'tax/'],
  }
  expect(exchangeNames(body, ['b.ts', 'a.ts', 'vat/'])).toEqual({
    purpose: 'See `b.ts`, data.ts and (vat/rates.ts); not a.tsx.',
    parts: [{ name: 'b.ts', does: 'like a.ts' }],
    names: ['b.ts', 'a.ts', 'vat/'],
  })
  expect(exchangeNames(body, body.names)).toBe(body)
})

test('a fence is longer than any run of backticks in the text', () => {
  expect(fence('a')).toBe('```\na\n```')
  expect(fence('```js\nx\n````\n')).toBe('`````\n```js\nx\n````\n`````')
})

test('folders stand behind those in them, and folders of one thing are gone through', () => {
  expect(folderTree(['src/main/java/App.java', 'src/main/java/db/A.java', 'src/main/java/db/B.java', 'x.ts'])).toEqual([
    {
      subject: 'src/main/java/db/',
      members: [
        { name: 'A.java', subject: 'src/main/java/db/A.java' },
        { name: 'B.java', subject: 'src/main/java/db/B.java' },
      ],
    },
    {
      subject: 'src/main/java/',
      members: [
        { name: 'App.java', subject: 'src/main/java/App.java' },
        { name: 'db/', subject: 'src/main/java/db/' },
      ],
    },
    {
      subject: '.',
      members: [
        { name: 'src/main/java/', subject: 'src/main/java/' },
        { name: 'x.ts', subject: 'x.ts' },
      ],
    },
  ])
  expect(folderTree([])).toEqual([{ subject: '.', members: [] }])
})
