import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect, onTestFinished, test } from 'vitest'
import type { NamesLike } from '../../../agents/feature/find-hits.ts'
import { namesLike } from '../../../agents/feature/names-like.ts'
import { parseReply } from '../../../agents/feature/parse-reply.ts'
import { show } from '../../../agents/feature/show.ts'
import { withWholePath } from '../../../agents/feature/whole-path.ts'
import { openWorkspace } from '../../../agents/feature/workspace.ts'
import type { Traced } from '../../../src/trace.ts'
import { handMadeStore } from '../../helpers/hand-made-store.ts'
import { scratchRepo, write } from '../../repo/scratch-repo.ts'

async function look(files: Record<string, string>, wishes: string, like?: NamesLike) {
  return show(parseReply(wishes).looks, openWorkspace(scratchRepo(files)), { namesLike: like })
}

const lines = (count: number, text: string) => `${text}\n`.repeat(count)

test('several folders are all searched; a missing one is reported; words after "in" may belong to the pattern', async () => {
  const files = { 'src/a.ts': 'vat in all\n', 'bin/b.ts': 'vat\n', 'test/c.ts': 'vat\n', 'docs/d.md': 'vat\n' }
  const { text, paths } = await look(files, 'search vat in src bin test lib')
  expect(paths.toSorted()).toEqual(['bin/b.ts', 'src/a.ts', 'test/c.ts'])
  expect(text).toContain('=== search vat in src bin test lib\n')
  expect(text).toContain('(there is no lib)')
  expect((await look(files, 'search vat in nowhere nor')).text).toContain('(there is no nowhere and no nor)')
  expect((await look(files, 'search vat in all')).text).toContain('src/a.ts\n1:vat in all')
})

test('a search without a match says so, and shows what comes nearest: in other case, elsewhere, the words themselves, names', async () => {
  const files = { 'src/a.ts': 'const VatRate = 1\nsum(1)\n', 'lib/b.ts': 'const other = 12\n' }
  const near = (wish: string, like?: NamesLike) => look(files, wish, like).then(({ text }) => text)
  expect(await near('search vatrate')).toBe(
    '=== search vatrate\nsrc/a.ts\n1:const VatRate = 1\n2-sum(1)\n3-\n(no match; the lines above match in another case of letters)',
  )
  expect(await near('search other in src')).toContain('lib/b.ts\n1:const other')
  expect(await near('search other in src')).toContain('(no match; the lines above match elsewhere)')
  expect(await near('search sum(1)')).toContain('2:sum(1)')
  expect(await near('search \\d\\d')).toContain('1:const other = 12')
  expect(await near('search (?:other|none) = .+?2')).toContain('1:const other = 12')
  expect(await near('search "sum.1"')).toContain(
    '(no match; the lines above match without the marks around the pattern)',
  )
  expect(await near('open b.ts')).toBe('(there is no text file b.ts; did you mean lib/b.ts?)')
  expect(await near('search nothing')).toBe('=== search nothing\n(no match)')
  const made = handMadeStore({ 'src/cart.ts': { defines: ['addBookToCart', 'vat'] } })
  expect(await near('search addBooks?ToCart|addBokToCart', namesLike(made))).toContain(
    '(no match; names like it: addBookToCart in src/cart.ts)',
  )
  made.store.close()
})

test('a strict search shows nothing outside of its places, and counts what is there', async () => {
  const workspace = openWorkspace(scratchRepo({ 'src/a.ts': 'vat\n', 'lib/b.ts': 'other\n', 'lib/c.ts': 'other\n' }))
  const strict = async (wish: string) => (await show(parseReply(wish).looks, workspace, { isStrict: true })).text
  expect(await strict('search other in src')).toBe('=== search other in src\n(no match; 2 lines match elsewhere)')
  expect(await strict('search vat in lib')).toBe('=== search vat in lib\n(no match; one line matches elsewhere)')
  expect(await strict('search VAT in src')).toContain('1:vat')
})

test('matches in lock files, caches and snapshots are counted only, unless they are named or all there is', async () => {
  const files = {
    'src/a.ts': 'left-pad\n',
    'package-lock.json': lines(50, '"left-pad": {}'),
    'test/__snapshots__/a.snap': lines(2, 'left-pad'),
    'src/b.min.js': 'only here\n',
  }
  const all = await look(files, 'search left-pad')
  expect(all.text).toBe(
    '=== search left-pad\nsrc/a.ts\n1:left-pad\n2-\n(52 lines match in what tools have written; name one to see it: package-lock.json 50, test/__snapshots__/a.snap 2)',
  )
  expect(all.paths).toEqual(['src/a.ts'])
  expect((await look(files, 'search left-pad in package-lock.json')).text).toContain('1:"left-pad": {}')
  expect((await look(files, 'search only')).text).toContain('src/b.min.js\n1:only here')
})

test('of what is too much the files are named with their counts', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 15 }, (_, i) => [`src/${String(i).padStart(2, '0')}.ts`, lines(i + 5, 'x')]),
  )
  expect((await look(files, 'search x')).text).toContain(
    '(144 more lines match: src/14.ts 19, src/13.ts 18, src/12.ts 17, src/11.ts 13, src/10.ts 12, src/09.ts 11, src/08.ts 10, src/07.ts 9, 35 in 7 other files)',
  )
})

test('a folder is listed: its files with their lines, its folders with how many files are in them', async () => {
  const files = {
    'src/x/a.ts': 'a\nb\n',
    'src/x/b.bin': 'a\0b',
    'src/x/deep/c.ts': '',
    'src/x/deep/er/d.ts': '',
    '.gitignore': 'out/\n',
  }
  const { text, paths } = await look(files, 'list src/x')
  expect(text).toBe('=== src/x/ (files with their lines, folders with their files)\na.ts 2, b.bin, deep/ (2)')
  expect(paths).toEqual([]) // nothing of them was seen
  expect((await look(files, 'open src/x/')).text).toBe(text)
  expect((await look(files, 'open .')).text).toContain('.gitignore 1, src/ (4)')
  expect((await look(files, 'open out/')).text).toContain('there is no text file out/')
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`many/${i}.ts`, '']))
  expect((await look(many, 'open many')).text).toMatch(/, and 20 more$/)
})

test('a path that was shown cut is meant where it is the only one that begins so', async () => {
  const files = { 'src/a-long-name.ts': 'one\n', 'src/a-long-title.ts': 'two\n' }
  const { text, paths, looks } = await look(files, 'open src/a-long-n…')
  expect(text).toContain('one')
  expect(paths).toEqual(['src/a-long-name.ts'])
  expect(looks).toEqual([{ kind: 'open', path: 'src/a-long-name.ts' }])
  expect((await look(files, 'open src/a-long…')).text).toBe(
    '(2 paths begin with src/a-long: src/a-long-name.ts, src/a-long-title.ts)',
  )
})

test('an edit of a path that was shown cut is one of the file that was seen', async () => {
  const edit = { kind: 'delete', path: 'src/a-long-n…' } as const
  const seen = new Set(['src/a-long-name.ts', 'src/b.ts'])
  expect(await withWholePath(edit, seen)).toEqual({ ...edit, path: 'src/a-long-name.ts' })
  expect(await withWholePath({ ...edit, path: 'src/…' }, seen)).toEqual({ ...edit, path: 'src/…' })
})

test('a heading is opened at its depth', async () => {
  const page = `# Guide\n\n## Keys\n\nfirst\n\n### Keys\n\nsecond\n\n${lines(60, 'row')}`
  const { text } = await look({ 'a.md': page }, 'open a.md#### Keys')
  expect(text).toContain('### Keys\n\nsecond')
  expect(text).not.toContain('first')
})

test('which places are there is asked by one process; patterns and ways around are asked one by one', async () => {
  const root = scratchRepo({ 'src/a.ts': 'a\n', 'src/[b].ts': 'b\n', 'c d.ts': 'c\n', '.gitignore': 'out/\n' })
  write(root, 'new/e.ts', 'e\n')
  write(root, 'out/f.ts', 'f\n')
  const started: string[] = []
  const note = (message: unknown) => void started.push((message as Traced).what)
  subscribe('repose:trace', note)
  onTestFinished(() => void unsubscribe('repose:trace', note))
  const { existing } = openWorkspace(root)
  const plain = ['src', 'src/', 'src/a.ts', 'src/a.ts/', 'sr', 'c d.ts', 'new/', 'out/', 'src/a', 'nowhere/']
  expect([...(await existing(plain))]).toEqual(['src', 'src/', 'src/a.ts', 'c d.ts', 'new/'])
  expect(started).toHaveLength(1)
  const odd = ['src/*.ts', 'src/[b].ts', './src', 'src/../new', '../elsewhere', ':(bad)x', 'a\0b', '']
  expect([...(await existing(['src', ...odd]))]).toEqual(['src', 'src/*.ts', 'src/[b].ts', './src', 'src/../new'])
  expect([...(await existing([]))]).toEqual([])
})
