import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { layOutPack } from '../../src/pack/lay-out-pack.ts'
import { readRequest } from '../../src/request/read-request.ts'
import type { RankedFile } from '../../src/retrieve/name-files.ts'
import type { CodeSymbol, SymbolKind } from '../../src/types.ts'
import { type HandMade, handMadeStore } from '../helpers/hand-made-store.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

const symbol = (name: string, kind: SymbolKind, first: number, last: number): CodeSymbol => ({
  ...{ qualified: name, name, kind, lines: { first, last }, signature: name, doc: null, hash: name },
})
const SYMBOLS = [
  symbol('Cart', 'class', 1, 9),
  symbol('cart', 'function', 1, 3),
  symbol('cartLine', 'function', 4, 4), // shorter than its outline is worth
  symbol('walk', 'function', 5, 8),
  symbol('cart of books', 'test', 1, 3),
  symbol('cartAndMore', 'function', 1, 62),
]
const LINES = ['cart {', '  one', '}', 'cart', 'walk {', '  two', '  three', '}']
const PATHS = Array.from({ length: 8 }, (_, i) => `src/${i}.ts`)

let made: HandMade
let root: string
beforeAll(() => {
  root = scratchFolder()
  mkdirSync(join(root, 'src'))
  for (const path of PATHS) writeFileSync(join(root, path), LINES.join('\n'))
  const files = Object.fromEntries(PATHS.map((path) => [path, { body: 'cart', symbols: SYMBOLS }]))
  made = handMadeStore({ ...files, 'walk.ts': {} })
})
afterAll(() => made.store.close())

function packOf(...scores: readonly number[]) {
  const files = scores.map((score, i): RankedFile => ({ path: PATHS[i]!, score, role: 'modify', why: [] }))
  const options = { ...made, root, budgetTokens: 9000, summaryOf: () => null, files }
  return layOutPack(readRequest('Cart'), made.store, options)
}
const bodiesOf = (...scores: readonly number[]) =>
  packOf(...scores).items.flatMap(({ kind, subject, text }) => (kind === 'body' ? [[subject, text]] : []))

test('of a file the bodies are shown that speak of the request half as much as its best, neither too short nor too long', () => {
  expect(bodiesOf(0.9)).toEqual([['src/0.ts#cart', 'cart {\n  one\n}']])
})

test('six bodies are shown, of the likeliest files', () => {
  const subjects = bodiesOf(...PATHS.map((_, i) => 0.2 + i / 10)).map(([subject]) => subject)
  expect(subjects.sort()).toEqual([2, 3, 4, 5, 6, 7].map((i) => `src/${i}.ts#cart`))
})

test('a request of which little of what is named will be changed takes a high effort', () => {
  // of one file that is told .25 an F1 of .5 / 1.25 is to be expected, of one that is told .2 .4 / 1.2
  expect([packOf(0.25), packOf(0.2)].map(({ effort, predictability }) => [effort, predictability])).toEqual([
    ['low', 0.4],
    ['high', 0.33],
  ])
})
