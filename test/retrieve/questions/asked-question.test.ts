import { afterEach, expect, test } from 'vitest'
import { readRequest } from '../../../src/request/read-request.ts'
import { readQuestion } from '../../../src/retrieve/questions/asked-question.ts'
import { type HandMade, handMadeStore } from '../../helpers/hand-made-store.ts'

let made: HandMade
afterEach(() => made.store.close())

const FILES = {
  'a.ts': { body: 'cart directory first colour' },
  'b.ts': { body: 'price folder' },
  'c.ts': { body: 'price', summary: 'parcel' },
}
function read(question: string, files: Parameters<typeof handMadeStore>[0] = FILES) {
  made = handMadeStore(files)
  return readQuestion(made.store, made.worktree, readRequest(question))
}

test('a word counts whole and what code says for it less; words that no file holds, and those that only ask, are left out', () => {
  const { concepts } = read('Where does the folder of parcels go with zebras?')
  expect(concepts.map(({ terms }) => Object.fromEntries(terms))).toEqual([{ folder: 1, directory: 0.3 }])
})

test('a word that no file holds is asked for by what code says for it', () => {
  const { concepts } = read('How is the color chosen?')
  expect(concepts.map(({ terms }) => [...terms.keys()])).toEqual([['colour']])
})

test.each([
  ['that is rarer keeps its own worth', 'directory', 'folder'],
  ['that is more common gets the mean of both', 'folder', 'directory'],
])('a word with a related term in code %s', (_, one, three) => {
  const { concepts } = read('the folder', {
    'a.ts': { body: `${one} ${three}` },
    'b.ts': { body: three },
    'c.ts': { body: three },
  })
  const [rare, common] = [Math.log(1 + 3), Math.log(1 + 3 / 3)]
  expect(concepts.map(({ worth }) => worth)).toEqual([
    expect.closeTo(three === 'folder' ? common : (rare + common) / 2, 9),
  ])
})

test('a word that no file holds has the worth of the related term that code uses', () => {
  const { concepts } = read('the folder', { 'a.ts': { body: 'directory' }, 'b.ts': {}, 'c.ts': {} })
  expect(concepts.map(({ worth }) => worth)).toEqual([expect.closeTo(Math.log(1 + 3), 9)])
})

test('words that stand everywhere are worth less and answer nothing alone, unless they are written as a name', () => {
  const [cart, first] = read('The first cart').concepts.toReversed()
  expect([cart!.isTelling, first!.isTelling]).toEqual([true, false])
  expect(first!.worth).toBeCloseTo(0.4 * cart!.worth, 9)
  made.store.close()
  expect(read('The FIRST cart').concepts.every(({ isTelling }) => isTelling)).toBe(true)
})

test.each([
  ['What calls roundPrice?', 'roundPrice'],
  ['Who uses `Cart.total()`?', 'total'],
  ['which functions call round_price', 'round_price'],
  ['Where is mergePath used?', 'mergePath'],
  ['Where is cache_path_expired? called?', 'cache_path_expired?'],
  ['What calls valid??', 'valid'],
  ['callers of Cart#total', 'total'],
  ['What uses the cache?', 'cache'],
  ['How does the cart use prices?', null],
  ['What is used for rounding?', null],
  ['What calls?', null],
  ['Why is the cart used?', null],
])('uses of a name are asked for: %j of %j', (question, name) => {
  expect(read(question).usesOf).toBe(name)
})

test('a name with its owner: the owner is kept, so that uses that name both come first', () => {
  expect(read('What calls Str::limit?')).toMatchObject({ usesOf: 'limit', usesOfOwner: 'Str' })
  made.store.close()
  expect(read('What calls limit?')).toMatchObject({ usesOf: 'limit', usesOfOwner: null })
})

test('tests are asked for by the word', () => {
  expect(read('How is the cart tested?').isAboutTests).toBe(true)
  made.store.close()
  expect(read('What is the latest price?').isAboutTests).toBe(false)
})
