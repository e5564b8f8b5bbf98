import { afterEach, expect, test } from 'vitest'
import { askOf } from '../../../src/retrieve/rank-files.ts'
import { nameHits } from '../../../src/retrieve/signals/names.ts'
import { type HandMade, handMadeStore } from '../../helpers/hand-made-store.ts'
import { scoresOf, whyOf } from '../../helpers/hits.ts'

let made: HandMade
afterEach(() => made.store.close())
const hitsOf = (request: string) => nameHits(askOf(made.store, made.worktree, request))
const numbered = (count: number, file: object, folder = 'lib') =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${folder}/${i}.ts`, file]))

test('a name is shared by the files that define it, six at most; one alone is named outright', () => {
  made = handMadeStore({
    'src/cart.ts': { defines: ['addBook', 'openShop', 'closeShop'] },
    ...numbered(5, { defines: ['openShop'] }),
    ...numbered(6, { defines: ['closeShop'] }, 'src'),
  })
  expect(scoresOf(hitsOf('Let addBook wait').names)).toEqual({ 'src/cart.ts': 1 })
  expect(whyOf(hitsOf('Let addBook wait').outright)).toEqual({ 'src/cart.ts': 'defines addBook' })
  const { names, outright } = hitsOf('Let openShop wait')
  expect([names.size, names.get('src/cart.ts')!.score, outright.size]).toEqual([6, 1 / 6, 0])
  expect(hitsOf('Let closeShop wait').names.size).toBe(0)
})

test('a path is worth two names, shared where several end so, and names outright where it is one', () => {
  made = handMadeStore({
    'src/cart.ts': { defines: ['addBook'] },
    'src/vat/index.ts': {},
    'lib/vat/index.ts': {},
    ...Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`p${i}/util.ts`, {}])),
  })
  for (const written of ['src/cart.ts', '/home/me/shop/src/cart.ts', '`cart.ts`']) {
    const { names, outright } = hitsOf(`Crash in ${written} of addBook`)
    expect([written, scoresOf(names), scoresOf(outright)]).toEqual([
      written,
      { 'src/cart.ts': 3 },
      { 'src/cart.ts': 1 },
    ])
    expect(whyOf(outright)).toEqual({ 'src/cart.ts': 'is named in the request' })
  }
  const several = hitsOf('Crash in vat/index.ts')
  expect(scoresOf(several.names)).toEqual({ 'lib/vat/index.ts': 1, 'src/vat/index.ts': 1 })
  expect(several.outright.size).toBe(0)
  expect(hitsOf('Crash in `util.ts`').names.size).toBe(0) // seven end so
})

test.each(['app/[id]/page.tsx', 'src/routes/+page.svelte', 'docs/caf\u00e9.md'])('%s in ticks is a path', (path) => {
  made = handMadeStore({ [path]: {}, 'src/a.ts': {} })
  expect(scoresOf(hitsOf(`Crash in \`${path}\``).outright)).toEqual({ [path]: 1 })
})

test('a path of an installed package means the file that most of it ends', () => {
  made = handMadeStore({ 'src/pkg/core.py': {}, 'src/other/core.py': {}, 'docs/core.py': {} })
  const { names } = hitsOf('File "/usr/lib/python3.12/site-packages/pkg/core.py", line 3')
  expect(scoresOf(names)).toEqual({ 'src/pkg/core.py': 2 })
})

test.each([
  ['`README.md` is outdated', []],
  ['Crash in `core.zig`', ['src/core.zig']],
  ['A stream for read/write of books', []],
  ['Let `Shelf.write` wait', ['src/shelf.ts']],
  ['Let `write` wait', ['src/shelf.ts']],
])('%s: %j is meant', (request, paths) => {
  made = handMadeStore({
    'src/page.py': { defines: ['md', 'zig'] },
    'src/core.zig': {},
    'src/shelf.ts': { defines: ['Shelf', 'Shelf.write'] },
    ...numbered(12, {}),
  })
  expect([...hitsOf(request).names.keys()]).toEqual(paths)
})

test('a quoted plain word that more than a quarter of all files hold is the name of the project; one with capitals is a name', () => {
  const shop = (count: number) =>
    handMadeStore({
      'src/shop.ts': { defines: ['shop', 'Shop'] },
      ...numbered(count, { body: 'shop' }),
      ...numbered(7 - count, {}, 'src'),
    })
  made = shop(1)
  expect(scoresOf(hitsOf('Let `shop` wait').names)).toEqual({ 'src/shop.ts': 1 })
  made.store.close()
  made = shop(2)
  expect(hitsOf('Let `shop` wait').names.size).toBe(0)
  expect(scoresOf(hitsOf('Let `Shop` wait').names)).toEqual({ 'src/shop.ts': 1 })
})
