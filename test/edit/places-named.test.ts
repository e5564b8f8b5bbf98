import { expect, test } from 'vitest'
import { placesNamed } from '../../src/edit/place-named.ts'

const LONG = `Reports${'x'.repeat(93)}`
const KNOWN = ['Cart', 'Cart.total', 'Cart.total~2', 'Tax.rate', "'adds a tax'", '## Keys', '## Tax keys ##', LONG]
const named = (name: string, known: readonly string[] = KNOWN) =>
  placesNamed(
    name,
    known.map((qualified) => ({ qualified })),
  ).map(({ qualified }) => qualified)

test.each<[string, string[]]>([
  ['Cart.total', ['Cart.total']],
  ['Cart.total~2', ['Cart.total~2']],
  ['total', ['Cart.total', 'Cart.total~2']],
  ['rate', ['Tax.rate']],
  ['`Tax.rate`', ['Tax.rate']],
  ['Tax.rate()', ['Tax.rate']],
  ['adds a tax', ["'adds a tax'"]],
  ['# Keys', ['## Keys']],
  ['Keys', ['## Keys']],
  ['### Tax keys', ['## Tax keys ##']],
  ['adds a', ["'adds a tax'"]],
  ['Tax.ra…', ['Tax.rate']],
  ['Tax.ra...', ['Tax.rate']],
  ['Tax.ra', []],
  ['ate', []],
  ['Cart.t…', ['Cart.total', 'Cart.total~2']],
  [`${LONG}yyy`, [LONG]],
  ['', []],
  ['``', []],
  ['…', []],
])('%j names %j', (name, expected) => {
  expect(named(name)).toEqual(expected)
})

test('an equal name comes first, then one that differs in its marks, then one whose last part is equal', () => {
  expect(named('Keys', ['## Keys', 'Keys'])).toEqual(['Keys'])
  expect(named('# Keys', ['# Keys', '## Keys'])).toEqual(['# Keys'])
  expect(named('# Keys', ['### Keys', '## Keys'])).toEqual(['## Keys'])
  expect(named('total', ['Cart.total', '`total`'])).toEqual(['`total`'])
  expect(named('total', ['total~2', 'totals of a cart'])).toEqual(['total~2'])
})

test('the beginning of a name is enough if it is marked as cut, long, or of several words', () => {
  const known = ['reportsOfTheLastQuarterByShop']
  expect(named('reportsOfTheLastQuarter', known)).toEqual(known)
  expect(named('reportsOfThe', known)).toEqual([])
  expect(named('reportsOfThe…', known)).toEqual(known)
})
