import { describe, expect, test } from 'vitest'
import {
  checkReply,
  definitionAmong,
  isEmptyReply,
  nameAmong,
  withClaimsReplaced,
} from '../../src/summary/check-reply.ts'
import { dropClaims, unsupportedClaims } from '../../src/summary/claims.ts'

const TEXT =
  "import { taxOf } from './tax.ts'\nexport class Cart {\n  total(rate: number) { return taxOf(rate, { roundUp: true }) }\n}\nexport const MAX_ITEMS = 9\n"
const ground = { text: TEXT, isKnown: (name: string) => ['src/orders/refund.ts', 'Order', 'docs'].includes(name) }
const unsupported = (statement: string) => unsupportedClaims(statement, ground)

test.each([
  'Adds up the items of a cart.',
  'Reads blocks of 64 KiB, in snake_case.',
  'Passes `roundUp` to `taxOf`; see `Cart.total` and `Cart.total(rate)`.',
  'Keep `MAX_ITEMS` and the order of `./tax.ts`.',
  'Register it in `src/orders/refund.ts`, beside `Order`.',
  'Reads/writes the client/server state and/or nothing, as on GitHub, in TypeScript, i.e. with OAuth2 on macOS.',
  'Uses MAX_ITEMS and max_items alike.',
  'The `<` sign, `2` and `null` are no names.',
  'All `tax...`, `roundUp...`, `Cart.*` and `MAX_...` are kept.',
  'It is 1.5 times as fast, e.g. for lists.',
  'Skips `.tax/`, `Cart/` and `docs/`.',
])('supported: %s', async (statement) => {
  expect(await unsupported(statement)).toEqual([])
})

test('a quote that a template of the source makes is supported, and no other', async () => {
  const text = `f"*****@{netloc}" + \`users/$` + '{id}` + "mail/%s" + f({})'
  const names = (statement: string) => unsupportedClaims(statement, { text, isKnown: () => false })
  expect(await names('Gives `*****@host`, `users/42` or `mail/ada`.')).toEqual([])
  expect(await names('Gives `****@@host`, `user/42`, `f(host)` or `users/42/x`.')).toEqual([
    ...['****@@host', 'user/42', 'f(host)', 'users/42/x'],
  ])
})

test.each([
  ['Calls `applyDiscount` first.', ['applyDiscount']],
  ['Calls applyDiscount first.', ['applyDiscount']],
  ['Calls apply_discount and DiscountTable, then discount().', ['apply_discount', 'DiscountTable', 'discount']],
  ['Registered in `src/orders/index.ts`.', ['src/orders/index.ts']],
  ['Registered in src/orders/index.ts.', ['src/orders/index.ts']],
  ['Registered in registry.ts.', ['registry.ts']],
  ['Lives in src/orders/parts too.', ['src/orders/parts']],
  ['`Cart.remove` and `Cart.total`.', ['Cart.remove']],
  ['Set `--round-down`.', ['--round-down']],
  ['All `encode_...`, `encode_*` and `Basket.*`.', ['encode_...', 'encode_*', 'Basket.*']],
])('unsupported: %s', async (statement, names) => {
  expect(await unsupported(statement)).toEqual(names)
})

test('only the sentences that state a claim go', () => {
  expect(dropClaims('Adds up, e.g. prices. Calls `madeUp` (v1.2). Rounds up!', ['madeUp'])).toBe(
    'Adds up, e.g. prices. Rounds up!',
  )
  expect(dropClaims('Calls `madeUp`', ['madeUp'])).toBe('')
  expect(dropClaims('Nothing to drop.', [])).toBe('Nothing to drop.')
})

test('entries of lists must bear names that exist, and get them as they are written there', async () => {
  const nameOf = nameAmong(['Cart', 'Cart.total', 'tax/'])
  const reply = {
    purpose: 'Adds up.',
    concepts: ['noSuchThing'],
    symbols: [
      { name: '`total()`', does: 'sums with `taxOf`' },
      { name: 'remove', does: 'takes away' },
      { name: 'Cart', does: 'calls `madeUp`' },
      { name: 'tax', does: 'rates' },
    ],
    lines: ['Keep `MAX_ITEMS`.', 'Keep `MIN_ITEMS`.'],
  }
  expect(await checkReply(reply, ground, nameOf)).toEqual({
    problems: ['remove', 'madeUp', 'MIN_ITEMS'],
    claims: [
      { at: ['symbols', 1, 'name'], text: 'remove', unknown: ['remove'] },
      { at: ['symbols', 2, 'does'], text: 'calls `madeUp`', unknown: ['madeUp'] },
      { at: ['lines', 1], text: 'Keep `MIN_ITEMS`.', unknown: ['MIN_ITEMS'] },
    ],
    sound: {
      purpose: 'Adds up.',
      concepts: ['noSuchThing'],
      symbols: [
        { name: 'Cart.total', does: 'sums with `taxOf`' },
        { name: 'tax/', does: 'rates' },
      ],
      lines: ['Keep `MAX_ITEMS`.'],
    },
  })
})

test('texts take the place of claims where these stand', () => {
  const reply = { purpose: 'a', lines: ['b', 'c'], symbols: [{ name: 'd', does: 'e' }] }
  const claims = [
    { at: ['lines', 1], text: 'c', unknown: ['c'] },
    { at: ['symbols', 0, 'does'], text: 'e', unknown: ['e'] },
    { at: ['purpose'], text: 'a', unknown: ['a'] },
  ] as const
  expect(withClaimsReplaced(reply, claims, ['C', 'E', ''])).toEqual({
    purpose: '',
    lines: ['b', 'C'],
    symbols: [{ name: 'd', does: 'E' }],
  })
  expect(reply.purpose).toBe('a')
})

test('a name that could be two is none', () => {
  expect(nameAmong(['A.run', 'B.run'])('run')).toBeNull()
})

test('a reply of which only concepts are left is empty', () => {
  expect(isEmptyReply({ purpose: '', concepts: ['a'], symbols: [] })).toBe(true)
  expect(isEmptyReply({ purpose: '', concepts: [], symbols: [{ name: 'a', does: 'b' }] })).toBe(false)
})

test.each([
  ['(*cursedRenderer).close', 'cursedRenderer.close'],
  ['tea.NewProgram', 'NewProgram'],
  ['Cart::total', 'Cart.total'],
  ['crate::cart::Cart::total', 'Cart.total'],
  ['Box<T>::size()', 'Box.size'],
  ['`Cart#empty?`', 'Cart.empty?'],
  ['Order::total', null],
  ['Basket#size', null],
  ['tea.Program', null],
  ['size', null],
])('the definition %s is %s', (written, name) => {
  const names = [
    'NewProgram',
    'cursedRenderer.close',
    'Cart',
    'Cart.total',
    'Cart.empty?',
    'Order',
    'Box.size',
    'Bag.size',
  ]
  expect(definitionAmong(names)(written)).toBe(name)
})

test('an entry on a part of the code that has no note is left out, and is no claim', async () => {
  const symbols = [
    { name: 'Cart.roundUp', does: 'rounds up' }, // a field: no definition
    { name: 'Cart.missing', does: 'is not there' },
    { name: 'Cart.total', does: 'adds up' },
  ]
  const checked = await checkReply({ symbols }, ground, definitionAmong(['Cart', 'Cart.total']))
  expect(checked.problems).toEqual(['Cart.missing'])
  expect(checked.sound.symbols).toEqual([symbols[2]])
})

describe('a reply of many names, and a source in which each search takes long', () => {
  const text = ' aaaa aaaaaaaaaaa aaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaaaaaaaaaa\n'.repeat(15_000)
  const slow = { text, isKnown: () => false }
  const inQuotes = (name: string) => `\`${name}\``
  const cpuMs = async (work: () => Promise<unknown>) => {
    const before = process.cpuUsage()
    await work()
    return process.cpuUsage(before).user / 1000
  }

  test('the same name is searched for once', async () => {
    const prose = 'a_b, '.repeat(6700)
    const quotes = `${inQuotes('aaab')} `.repeat(3000)
    expect(await cpuMs(() => unsupportedClaims(prose + quotes, slow))).toBeLessThan(3000)
    const symbols = Array.from({ length: 20 }, () => ({ name: 'aab.'.repeat(120), does: 'x' }))
    expect(await cpuMs(() => checkReply({ symbols }, slow, () => null))).toBeLessThan(3000)
  })

  test('of different names, 500 are searched for, and the others count as claims', async () => {
    let asked = 0
    const counted = { text: 'one_0', isKnown: () => ++asked < 0 }
    const names = Array.from({ length: 2000 }, (_, i) => `one_${i}`)
    const claims = await unsupportedClaims(names.join(' '), counted)
    expect(claims).toEqual(names.slice(1))
    const late = { text: names.join(' '), isKnown: () => false }
    expect(await unsupportedClaims(names.join(' '), late)).toEqual(names.slice(500))
  })

  test('Ctrl-C ends the search', async () => {
    const names = Array.from({ length: 400 }, (_, i) => `aaa${i}`)
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('stopped')), 100)
    const reply = { purpose: names.map(inQuotes).join(' ') }
    await expect(checkReply(reply, slow, () => null, stop.signal)).rejects.toThrow('stopped')
  })
})
