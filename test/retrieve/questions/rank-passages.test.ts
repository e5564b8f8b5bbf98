import { expect, test } from 'vitest'
import type { AskedQuestion } from '../../../src/retrieve/questions/asked-question.ts'
import type { FileOfPassages, Passage } from '../../../src/retrieve/questions/passage.ts'
import { rankPassages } from '../../../src/retrieve/questions/rank-passages.ts'

const asked = (words: readonly string[], more: Partial<AskedQuestion> = {}): AskedQuestion => ({
  concepts: words.map((word) => ({ terms: new Map([[word, 1]]), worth: 1, isTelling: word !== 'first' })),
  isAboutTests: false,
  ...{ usesOf: null, usesOfOwner: null },
  ...more,
})

/** Definitions as 'name first-last', in a file of these lines. */
function fileOf(path: string, lines: readonly string[], ...defined: (string | Partial<Passage>)[]): FileOfPassages {
  const passages = defined.map((one): Passage => {
    const { name: said, ...rest } = typeof one === 'string' ? { name: one } : one
    const [, name, first, last] = /^(.*) (\d+)-(\d+)$/.exec(said!)!
    const at = { first: Number(first), last: Number(last) }
    return { path, name: name!, kind: 'function', lines: at, signature: '', doc: '', ...rest }
  })
  return { path, lines, passages, summary: '' }
}

const names = (files: readonly FileOfPassages[], question: AskedQuestion) =>
  rankPassages(files, question).map(({ path, name }) => `${path}#${name}`)

test('a word in the name counts more than in the declaration, and there more than in the body', () => {
  const lines = ['one', 'cart', ...Array<string>(20).fill('two')]
  const file = fileOf(
    'a.ts',
    lines,
    'body 1-20',
    'cart 3-22',
    { name: 'told 3-22', doc: 'of a cart' },
    { name: 'other 3-4' },
  )
  expect(names([file], asked(['cart']))).toEqual(['a.ts#cart', 'a.ts#told', 'a.ts#body'])
})

test('the shorter of two bodies that say the same comes first, and what speaks of more words before both', () => {
  const lines = ['cart', ...Array<string>(50).fill(''), 'cart', 'cart parcel']
  const file = fileOf('a.ts', lines, 'long 1-51', 'short 52-52', 'both 53-53')
  expect(names([file], asked(['cart', 'parcel']))).toEqual(['a.ts#both', 'a.ts#short', 'a.ts#long'])
})

test('a class is what it says beside its methods', () => {
  const file = fileOf('a.ts', ['class', 'cart', 'cart', '}'], { name: 'Shop 1-4', kind: 'class' }, 'Shop.add 2-3')
  expect(names([file], asked(['cart']))).toEqual(['a.ts#Shop.add'])
})

test('a class of Python, which ends with its last method, also counts only what it says beside its methods', () => {
  const shop = { name: 'Shop 1-3', kind: 'class' } as const
  const file = fileOf('a.py', ['class Shop:', '  def add(self):', '    cart'], shop, 'Shop.add 2-3')
  expect(names([file], asked(['cart']))).toEqual(['a.py#Shop.add'])
})

test('of two methods that say the same, the one whose class the question names comes first', () => {
  const file = fileOf('a.ts', ['cart', 'cart'], 'Basket.add 1-1', 'Parcel.add 2-2')
  expect(names([file], asked(['cart', 'parcel']))).toEqual(['a.ts#Parcel.add', 'a.ts#Basket.add'])
})

test('of two files, the one whose folder has the word comes first', () => {
  const files = [fileOf('src/a.ts', ['cart'], 'add 1-1'), fileOf('src/parcel/a.ts', ['cart'], 'add 1-1')]
  expect(names(files, asked(['cart', 'parcel']))).toEqual(['src/parcel/a.ts#add', 'src/a.ts#add'])
})

test('where nothing tells two passages apart, they come by path and line', () => {
  const of = (path: string) => fileOf(path, ['cart', '', 'cart'], 'two 3-3', 'one 1-1')
  expect(names([of('b.ts'), of('a.ts')], asked(['cart']))).toEqual(['a.ts#one', 'a.ts#two', 'b.ts#one', 'b.ts#two'])
})

test('tests count only where tests are asked for, also those that stand in the source', () => {
  const files = [
    fileOf('test/a.test.ts', ['cart'], { name: 'adds 1-1', kind: 'test' }),
    fileOf('src/a.rs', ['cart', 'cart'], 'tests.adds 1-1', 'add 2-2'),
  ]
  expect(names(files, asked(['cart']))).toEqual(['src/a.rs#add'])
  expect(names(files, asked(['cart'], { isAboutTests: true }))).toHaveLength(3)
})

test('a table of several lines answers as a function does, a value of one line less', () => {
  const lines = ['cart', 'cart', '', 'cart', '']
  const file = fileOf(
    'a.ts',
    lines,
    { name: 'one 1-1', kind: 'value' },
    { name: 'table 2-3', kind: 'value' },
    'run 4-5',
  )
  expect(names([file], asked(['cart']))).toEqual(['a.ts#table', 'a.ts#run', 'a.ts#one'])
})

test('a changelog comes after what it speaks of', () => {
  const section = { name: '## 1.0 1-1', kind: 'section' } as const
  const files = [fileOf('CHANGELOG.md', ['cart'], section), fileOf('docs/guide.md', ['cart'], section)]
  expect(names(files, asked(['cart']))).toEqual(['docs/guide.md### 1.0', 'CHANGELOG.md### 1.0'])
})

test('what speaks only of words that stand everywhere does not answer, unless the question has no others', () => {
  const file = fileOf('a.ts', ['first', 'cart'], 'one 1-1', 'two 2-2')
  expect(names([file], asked(['first', 'cart']))).toEqual(['a.ts#two'])
  expect(names([file], asked(['first']))).toEqual(['a.ts#one'])
})

test('a file that a summary says the word of comes before one of which nothing does', () => {
  const file = fileOf('a.ts', ['cart'], 'one 1-1')
  const told = { ...fileOf('b.ts', ['cart'], 'two 1-1'), summary: 'parcel' }
  expect(names([file, told], asked(['cart', 'parcel']))).toEqual(['b.ts#two', 'a.ts#one'])
})

test('the lines that tell most come first', () => {
  const file = fileOf('a.ts', ['cart', '', 'cart parcel', 'parcel'], 'one 1-4')
  expect(rankPassages([file], asked(['cart', 'parcel']))[0]!.telling()).toEqual([3, 1, 4])
})
