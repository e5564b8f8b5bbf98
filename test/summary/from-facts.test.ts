import { expect, test } from 'vitest'
import { fileFromFacts, moduleFromFacts, repositoryFromFacts, symbolFromFacts } from '../../src/summary/from-facts.ts'
import { clipWords, ownWords } from '../../src/summary/own-words.ts'
import { projectFacts } from '../../src/summary/project-facts.ts'

test.each([
  ['Adds up. And more.', 'Adds up.'],
  ['Adds up, e.g. Prices of 1.5 each', 'Adds up, e.g. Prices of 1.5 each'],
  ['# Title\n\nAdds\nup.', 'Adds up.'],
  ['=====\nTitle\n=====', 'Title'],
  ['@param a first', ''],
  ['Adds up\n@returns the sum', 'Adds up'],
  ['Adds up\n:param a: first', 'Adds up'],
  ['Args:\n  a: first', ''],
  [': Characters that the shell reads', 'Characters that the shell reads'],
  ['----\n\n***', ''],
  ['', ''],
  [null, ''],
])('%j says in its own words: %j', (text, words) => {
  expect(ownWords(text, 20)).toBe(words)
})

test('words are counted, and what is cut off is shown to be', () => {
  expect(clipWords('one two, three', 2)).toBe('one two…')
  expect(clipWords(' one\n two ', 2)).toBe('one two')
})

test('a definition without a comment is not spoken of', () => {
  expect(symbolFromFacts({ doc: null })).toBeNull()
  expect(symbolFromFacts({ doc: 'Adds up. More.' })).toEqual({ does: 'Adds up.' })
})

const symbol = (
  qualified: string,
  kind: 'class' | 'function' | 'method' | 'value' | 'test',
  doc: string | null = null,
) => ({ qualified, name: qualified.split('.').at(-1)!, kind, doc })

test('a file is told by its comment, else its only class or function, else what it defines', () => {
  const facts = { doc: null, symbols: [], imports: [], importers: [] }
  expect(fileFromFacts(facts)).toEqual({ purpose: '', changesWith: '', watchOut: '', concepts: [], symbols: [] })
  expect(fileFromFacts({ ...facts, doc: 'All of it.', symbols: [symbol('A', 'class', 'One.')] }).purpose).toBe(
    'All of it.',
  )
  expect(
    fileFromFacts({
      ...facts,
      symbols: [symbol('A', 'class', 'One.'), symbol('A.run', 'method'), symbol('B', 'value')],
    }).purpose,
  ).toBe('One.')
  expect(
    fileFromFacts({
      ...facts,
      symbols: [symbol('C', 'value'), symbol('A', 'class', 'One.'), symbol('b', 'function'), symbol('t', 'test')],
    }).purpose,
  ).toBe('defines A, b, C')
})

test('relations are counted, and the first few named', () => {
  const paths = ['a.ts', 'b.ts', 'c.ts', 'd.ts']
  expect(fileFromFacts({ doc: null, symbols: [], imports: ['x.ts'], importers: paths }).changesWith).toBe(
    'imported by 4 files (a.ts, b.ts, c.ts, …); imports x.ts',
  )
})

test('a folder is told by its README, else its index file, else its members', () => {
  const facts = {
    readme: null,
    doc: null,
    members: [
      { name: 'a.ts', says: 'Adds up.' },
      { name: 'b.ts', says: '' },
    ],
    registry: null,
  }
  expect(moduleFromFacts(facts)).toEqual({
    purpose: 'holds a.ts, b.ts',
    parts: [{ name: 'a.ts', does: 'Adds up.' }],
    howToExtend: '',
    names: [],
  })
  expect(moduleFromFacts({ ...facts, readme: '# Sums\n\nFor sums.', doc: 'Index.' }).purpose).toBe('For sums.')
  expect(moduleFromFacts({ ...facts, doc: 'Index.' }).purpose).toBe('Index.')
})

const files: Record<string, string> = {
  'README.md':
    '<p align="center"><img src="x.png"></p>\n\n# Shop\n\n[![build](https://x/y.svg)](https://x)\n\nA [shop](https://x) for **books**. More.\n',
  'pyproject.toml':
    '[tool.other]\nname = "wrong"\n\n[project]\nname = "shop"\ndescription = "Sells books" # yes\n\n[project.scripts]\nname = "no"\n',
}
const read = (some: Record<string, string>) => projectFacts(Object.keys(some), (path) => some[path] ?? null)

test('a project is told by its manifest and README, whatever the language', () => {
  expect(read(files)).toMatchObject({ name: 'shop', description: 'Sells books', commands: [] })
  expect(read({ 'Cargo.toml': "[package]\nname = 'shop'\n" })).toMatchObject({
    name: 'shop',
    description: '',
    readme: null,
  })
  expect(read({ 'go.mod': 'module example.org/shop\n' })).toMatchObject({ name: 'example.org/shop' })
  expect(
    read({ 'package.json': '{"name": "shop", "scripts": {"test": "a\\n b", "odd": "x", "build": 3}}' }),
  ).toMatchObject({ name: 'shop', commands: ['npm run test: a b'] })
  expect(read({ 'package.json': '{broken' })).toEqual({ name: '', description: '', readme: null, commands: [] })
  expect(read({})).toEqual({ name: '', description: '', readme: null, commands: [] })
})

test('a README is told without its badges, pictures and HTML', () => {
  const facts = { ...read({ 'README.md': files['README.md']! }), layout: [], languages: [] }
  expect(repositoryFromFacts(facts)).toEqual({
    purpose: 'A shop for **books**.',
    layout: [],
    conventions: [],
    names: [],
  })
})
