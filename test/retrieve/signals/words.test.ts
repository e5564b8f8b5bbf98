import { afterEach, expect, test } from 'vitest'
import { askOf } from '../../../src/retrieve/rank-files.ts'
import { nameWorth } from '../../../src/retrieve/signals/name-worth.ts'
import { namesakeHits } from '../../../src/retrieve/signals/namesakes.ts'
import { symbolHits } from '../../../src/retrieve/signals/symbols.ts'
import { wordHits } from '../../../src/retrieve/signals/words.ts'
import { isSpokenOf, unknownWords } from '../../../src/retrieve/spoken-of.ts'
import { type HandMade, handMadeStore } from '../../helpers/hand-made-store.ts'
import { near, scoresOf, whyOf } from '../../helpers/hits.ts'

let made: HandMade
afterEach(() => made.store.close())
const ask = (request: string) => askOf(made.store, made.worktree, request)

test('the title is looked for everywhere, the whole request in bodies and in paths, neighbours written as one', () => {
  made = handMadeStore({
    'src/cart.ts': {},
    'src/a.ts': { defines: ['cart'] },
    'src/b.ts': { body: 'cart' },
    'src/coupon.ts': {},
    'src/c.ts': { body: 'coupon' },
    'src/heroimage.ts': {},
    'src/d.ts': { body: 'heroimage' },
    ...Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`src/other${i}.ts`, { body: 'walk' }])),
  })
  const { title, body, paths, compounds } = wordHits(ask('Cart\n\nA coupon on hero images'))
  expect([...title.keys()].sort()).toEqual(['src/a.ts', 'src/b.ts', 'src/cart.ts'])
  expect([...body.keys()].sort()).toEqual(['src/b.ts', 'src/c.ts'])
  expect([...paths.keys()].sort()).toEqual(['src/cart.ts', 'src/coupon.ts'])
  expect([...compounds.keys()].sort()).toEqual(['src/d.ts', 'src/heroimage.ts'])
  const [inBody, inPaths] = [scoresOf(body), scoresOf(paths)]
  for (const ratio of [inBody['src/b.ts']! / inBody['src/c.ts']!, inPaths['src/cart.ts']! / inPaths['src/coupon.ts']!])
    expect(ratio).toBeCloseTo(3, 9) // said in the title
  expect(whyOf(title)['src/b.ts']).toBe('speaks of Cart')
})

test('words that only the summary of a file says are told as such, and are no words of files', () => {
  made = handMadeStore({
    'a.ts': { body: 'price', summary: 'A parcel and its price' },
    'b.ts': { body: 'door', summary: 'Where a parcel waits' },
    'c.ts': { body: 'parcel' },
    'd.ts': { body: 'door' },
  })
  const question = ask('Parcel price in a waggon')
  expect(whyOf(wordHits(question).title)).toEqual({
    'a.ts': 'speaks of price; its summary says Parcel',
    'b.ts': 'its summary says Parcel',
    'c.ts': 'speaks of Parcel',
  })
  expect(Object.fromEntries(question.rarity)).toEqual(near({ parcel: Math.log(1 + 4 / 1), pric: Math.log(1 + 4 / 1) }))
})

test('a request of words that only summaries say is not spoken of, and its words are unknown', () => {
  made = handMadeStore({ 'a.ts': { body: 'door', summary: 'Where a parcel waits' } })
  const question = ask('Weigh the parcel')
  expect([isSpokenOf(question), unknownWords(question)]).toEqual([false, ['Weigh', 'parcel']])
})

test('a term is worth the more the fewer source files hold it; documents count only where no source file does', () => {
  made = handMadeStore({
    'a.ts': { body: 'cart price' },
    'b.ts': { body: 'cart' },
    'docs/c.md': { body: 'cart price refund' },
    'docs/d.md': { body: 'price refund' },
  })
  expect(Object.fromEntries(ask('Cart price refund of nothing').rarity)).toEqual(
    near({ cart: Math.log(1 + 4 / 2), pric: Math.log(1 + 4 / 1), refund: Math.log(1 + 4 / 2) }),
  )
})

test('a name says as much of a request as its terms are worth, each once, the less the more terms it has', () => {
  const worthOf = nameWorth(new Map(Object.entries({ cart: 3, total: 1 })))
  expect(worthOf('cart')).toBeCloseTo(3 / Math.sqrt(2), 9)
  expect(worthOf('cartTotal')).toBeCloseTo(4 / Math.sqrt(4), 9) // cart, total, carttotal
  expect(worthOf('cart_cart')).toBeCloseTo(3 / Math.sqrt(3), 9)
  expect(worthOf('Price')).toBe(0)
})

test('a file is worth its definition that says most, a word of the title twice one of the text', () => {
  made = handMadeStore({
    'a.ts': { defines: ['cart', 'Cart.refund'] },
    'b.ts': { defines: ['refund'] },
    'c.ts': { defines: ['walk'] },
  })
  const question = ask('Cart\n\nA refund')
  const [cart, refund] = [Math.log(1 + 3 / 1), Math.log(1 + 3 / 2)]
  const hits = symbolHits(question, ['a.ts', 'b.ts', 'c.ts'])
  expect(scoresOf(hits)).toEqual(near({ 'a.ts': (2 * cart + refund) / Math.sqrt(3), 'b.ts': refund / Math.sqrt(2) }))
  expect(whyOf(hits)['a.ts']).toBe('defines Cart.refund')
})

test('the source files of a name share it, three at most, and its documents have as much as one of them', () => {
  const called = (name: string, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`src/${i}/${name}.ts`, {}]))
  made = handMadeStore({ ...called('cart-line', 3), 'docs/cart-line.md': {}, ...called('shop-door', 4) })
  const hits = namesakeHits(made, ask('Paint cartLine and shopDoor').request.titleNames)
  const third = { 'src/0/cart-line.ts': 1 / 3, 'src/1/cart-line.ts': 1 / 3, 'src/2/cart-line.ts': 1 / 3 }
  expect(scoresOf(hits)).toEqual({ ...third, 'docs/cart-line.md': 1 / 3 })
})
