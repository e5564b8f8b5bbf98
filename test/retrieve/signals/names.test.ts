import { afterEach, expect, test } from 'vitest'
import { readRequest } from '../../../src/request/read-request.ts'
import { askOf } from '../../../src/retrieve/rank-files.ts'
import { outrightHits } from '../../../src/retrieve/signals/names.ts'
import { type HandMade, handMadeStore } from '../../helpers/hand-made-store.ts'
import { whyOf } from '../../helpers/hits.ts'

let made: HandMade
afterEach(() => made.store.close())
const meant = (request: string) => whyOf(outrightHits(askOf(made.store, made.worktree, readRequest(request))))
const numbered = (count: number, file: object, folder = 'lib') =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${folder}/${i}.ts`, file]))

test('a file is named by a name that it alone defines', () => {
  made = handMadeStore({
    'src/cart.ts': { defines: ['addBook', 'openShop'] },
    'src/shop.ts': { defines: ['openShop'] },
  })
  expect(meant('Let addBook wait')).toEqual({ 'src/cart.ts': 'defines addBook' })
  expect(meant('Let openShop wait')).toEqual({})
})

test('a file is named by its path, or by an end of it that no other has', () => {
  made = handMadeStore({
    'src/cart.ts': { defines: ['addBook'] },
    'src/vat/index.ts': {},
    'lib/vat/index.ts': {},
  })
  for (const written of ['src/cart.ts', '/home/me/shop/src/cart.ts', '`cart.ts`'])
    expect(meant(`Crash in ${written} of addBook`)).toEqual({ 'src/cart.ts': 'is named in the request' })
  expect(meant('Crash in vat/index.ts')).toEqual({})
})

test.each(['app/[id]/page.tsx', 'src/routes/+page.svelte', 'docs/caf\u00e9.md'])('%s in ticks is a path', (path) => {
  made = handMadeStore({ [path]: {}, 'src/a.ts': {} })
  expect(Object.keys(meant(`Crash in \`${path}\``))).toEqual([path])
})

test('a path of an installed package means the file that most of it ends', () => {
  made = handMadeStore({ 'src/pkg/core.py': {}, 'src/other/core.py': {}, 'docs/core.py': {} })
  expect(Object.keys(meant('File "/usr/lib/python3.12/site-packages/pkg/core.py", line 3'))).toEqual([
    'src/pkg/core.py',
  ])
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
  expect(Object.keys(meant(request))).toEqual(paths)
})

test('a quoted plain word that more than a quarter of all files hold is the name of the project; one with capitals is a name', () => {
  const shop = (count: number) =>
    handMadeStore({
      'src/shop.ts': { defines: ['shop', 'Shop'] },
      ...numbered(count, { body: 'shop' }),
      ...numbered(7 - count, {}, 'src'),
    })
  made = shop(1)
  expect(Object.keys(meant('Let `shop` wait'))).toEqual(['src/shop.ts'])
  made.store.close()
  made = shop(2)
  expect(meant('Let `shop` wait')).toEqual({})
  expect(Object.keys(meant('Let `Shop` wait'))).toEqual(['src/shop.ts'])
})
