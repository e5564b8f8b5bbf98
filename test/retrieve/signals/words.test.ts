import { afterEach, expect, test } from 'vitest'
import { readRequest } from '../../../src/request/read-request.ts'
import { askOf } from '../../../src/retrieve/rank-files.ts'
import { nameWorth } from '../../../src/retrieve/signals/name-worth.ts'
import { wordHits } from '../../../src/retrieve/signals/words.ts'
import { isSpokenOf, unknownWords } from '../../../src/retrieve/spoken-of.ts'
import { type HandMade, handMadeStore } from '../../helpers/hand-made-store.ts'
import { near, scoresOf, whyOf } from '../../helpers/hits.ts'

let made: HandMade
afterEach(() => made.store.close())
const ask = (request: string) => askOf(made.store, made.worktree, readRequest(request))

test('the request is looked for in bodies and in paths', () => {
  made = handMadeStore({
    'src/cart.ts': {},
    'src/a.ts': { defines: ['cart'] },
    'src/b.ts': { body: 'cart' },
    'src/coupon.ts': {},
    'src/c.ts': { body: 'coupon' },
    ...Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`src/other${i}.ts`, { body: 'walk' }])),
  })
  const { body, paths } = wordHits(ask('Cart\n\nA coupon'))
  expect([...body.keys()].sort()).toEqual(['src/b.ts', 'src/c.ts'])
  expect([...paths.keys()].sort()).toEqual(['src/cart.ts', 'src/coupon.ts'])
  const [inBody, inPaths] = [scoresOf(body), scoresOf(paths)]
  for (const ratio of [inBody['src/b.ts']! / inBody['src/c.ts']!, inPaths['src/cart.ts']! / inPaths['src/coupon.ts']!])
    expect(ratio).toBeCloseTo(3, 9) // said in the title
  expect(whyOf(body)['src/b.ts']).toBe('speaks of Cart')
  expect(whyOf(paths)['src/cart.ts']).toBe('its path says Cart')
  expect(whyOf(wordHits(ask('Rename _cart to __')).body)['src/b.ts']).toBe('speaks of cart') // it need not have _cart
})

test('a file is found by words that only its summary has; the evidence says so, and they are no words of files', () => {
  made = handMadeStore({
    'a.ts': { body: 'price', summary: 'A parcel and its price' },
    'b.ts': { body: 'door', summary: 'Where a parcel waits' },
    'c.ts': { body: 'parcel' },
    'd.ts': { body: 'door' },
  })
  const question = ask('Parcel price in a waggon')
  expect(whyOf(wordHits(question).body)).toEqual({
    'a.ts': 'speaks of price; its summary says Parcel',
    'b.ts': 'its summary says Parcel',
    'c.ts': 'speaks of Parcel',
  })
  expect(Object.fromEntries(question.rarity)).toEqual(near({ parcel: Math.log(1 + 4 / 1), pric: Math.log(1 + 4 / 1) }))
})

test('no piece of an abbreviation is shown as a word: pv of IPv6, fs of PDFs', () => {
  made = handMadeStore({
    'a.ts': { body: 'IPv6 address' },
    'b.ts': { body: 'IPv4' },
    'c.ts': { body: 'fs' },
    'd.ts': { body: 'door' },
  })
  const question = ask('Parse IPv6 in PDFs')
  expect(whyOf(wordHits(question).body)).toEqual({
    'a.ts': 'speaks of IPv6',
    'b.ts': 'shares words with the request',
    'c.ts': 'shares words with the request',
  })
  expect(unknownWords(ask('Parse XZs and QRv7'))).toEqual(['Parse', 'XZs', 'QRv7'])
  expect(whyOf(wordHits(ask('Let parseIPv6 read PDFs from fs')).body)['c.ts']).toBe('speaks of fs')
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
