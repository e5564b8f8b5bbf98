import { describe, expect, test } from 'vitest'
import { type Case, files, resolveIn } from './resolve-in.ts'

function check(tree: Readonly<Record<string, string>>, language = 'typescript') {
  return ([from, specifier, targets]: Case) => expect(resolveIn(language, tree, from, specifier)).toBe(targets)
}

describe('relative specifiers', () => {
  const tree = files(
    ...['src/a.ts', 'src/b.ts', 'src/both.ts', 'src/both.js', 'src/view.tsx', 'src/plain.js', 'src/m.mts', 'src/c.cts'],
    ...['src/types.d.ts', 'src/data.json', 'src/Card.vue', 'src/Tab.svelte', 'src/Page.astro', 'src/a.service.ts'],
    ...['src/icon.svg', 'src/lib.ts', 'src/lib/index.ts', 'src/deep/index.tsx', 'src/deep/x/y.ts', 'top.ts', 'bin/cli'],
    ...['src/[id]/+page.ts', 'src/mit leer/é.ts'],
  )
  const cases: readonly Case[] = [
    ['src/a.ts', './b', 'src/b.ts'],
    ['src/a.ts', './b.ts', 'src/b.ts'],
    ['src/a.ts', './b.js', 'src/b.ts'],
    ['src/a.ts', './view.js', 'src/view.tsx'],
    ['src/a.ts', './view.jsx', 'src/view.tsx'],
    ['src/a.ts', './m.mjs', 'src/m.mts'],
    ['src/a.ts', './c.cjs', 'src/c.cts'],
    ['src/a.ts', './types.js', 'src/types.d.ts'],
    ['src/a.ts', './types', 'src/types.d.ts'],
    ['src/a.ts', './both', 'src/both.ts'],
    ['src/a.ts', './both.js', 'src/both.js'],
    ['src/a.ts', './plain', 'src/plain.js'],
    ['src/a.ts', './data.json', 'src/data.json'],
    ['src/a.ts', './data', 'src/data.json'],
    ['src/a.ts', './a.service', 'src/a.service.ts'],
    ['src/a.ts', './Card.vue', 'src/Card.vue'],
    ['src/a.ts', './Card', 'src/Card.vue'],
    ['src/a.ts', './Tab', 'src/Tab.svelte'],
    ['src/a.ts', './Page', 'src/Page.astro'],
    ['src/a.ts', './icon.svg?raw', 'src/icon.svg'],
    ['src/a.ts', './lib', 'src/lib.ts'],
    ['src/a.ts', './lib/', 'src/lib/index.ts'],
    ['src/lib/index.ts', '..', ''],
    ['src/deep/x/y.ts', '..', 'src/deep/index.tsx'],
    ['src/deep/x/y.ts', '../', 'src/deep/index.tsx'],
    ['src/deep/index.tsx', '../b', 'src/b.ts'],
    ['src/deep/x/y.ts', '.././../b', 'src/b.ts'],
    ['src/a.ts', '../top', 'top.ts'],
    ['src/a.ts', '../bin/cli', 'bin/cli'],
    ['top.ts', './src/[id]/+page', 'src/[id]/+page.ts'],
    ['top.ts', './src/mit leer/é', 'src/mit leer/é.ts'],
    ['src/a.ts', './gone', ''],
    ['src/a.ts', './icon', ''],
  ]
  test.each(cases)('in %s, %s means "%s"', (...one) => check(tree)(one))

  test('a file is not its own import', () => {
    check(tree)(['src/a.ts', './a', ''])
    check(tree)(['src/lib/index.ts', '.', ''])
  })

  test('nothing lies beyond the root', () => {
    check(tree)(['src/a.ts', '../../top', ''])
    check(tree)(['top.ts', '..', ''])
    check(tree)(['src/a.ts', '../../../../src/b', ''])
  })

  test('single-file components resolve as TypeScript does', () => {
    for (const language of ['svelte', 'vue', 'astro', 'tsx', 'javascript']) {
      check(tree, language)(['src/Card.vue', './b', 'src/b.ts'])
    }
  })
})

test('built-in modules, URLs and packages outside the tree give nothing', () => {
  const tree = files('src/a.ts', 'fs.ts', 'src/react.ts', 'node_modules/react/index.js')
  for (const specifier of [
    'fs',
    'node:fs',
    'node:test',
    'react',
    'react/jsx-runtime',
    'virtual:x',
    'https://x.y/z.js',
    '/src/a.ts',
    '',
    '@',
    '#x',
  ]) {
    check(tree)(['src/b.ts', specifier, ''])
  }
})

test('a compiled file outside the tree is traced to its source, as a guess', () => {
  const tree = {
    'package.json': '{}',
    ...files('src/index.ts', 'src/cli/run.ts', 'bin/x.js', 'tools/gen.ts', 'test/a.ts'),
  }
  check(tree)(['bin/x.js', '../dist/cli/run.js', '~src/cli/run.ts'])
  check(tree)(['bin/x.js', '../build/esm', '~src/index.ts'])
  check(tree)(['bin/x.js', '../dist/src/index.js', '~src/index.ts'])
  check(tree)(['bin/x.js', '../dist/tools/gen.js', '~tools/gen.ts'])
  check(tree)(['bin/x.js', '../dist/none.js', ''])
})

test("a package's folder is its entry for those who require it by path", () => {
  const tree = {
    'package.json': '{"main": "lib/koa.js"}',
    ...files('lib/koa.js', 'index.js', 'test/a.js', 'test/deep/b.js'),
  }
  check(tree)(['test/a.js', '..', 'lib/koa.js'])
  check(tree)(['test/deep/b.js', '../..', 'lib/koa.js'])
})

test('customary aliases that no configuration explains are guesses', () => {
  const tree = {
    'web/package.json': '{}',
    ...files('web/src/api/get.ts', 'web/src/lib/posts.ts', 'web/components/a.vue', 'web/src/x.ts', 'src/api/get.ts'),
  }
  check(tree)(['web/src/x.ts', '@/api/get', '~web/src/api/get.ts'])
  check(tree)(['web/src/x.ts', '~/components/a.vue', '~web/components/a.vue'])
  check(tree)(['web/src/x.ts', '$lib/posts', '~web/src/lib/posts.ts'])
  check(tree)(['web/src/x.ts', '@/../../src/api/get', '~src/api/get.ts'])
  check(tree)(['web/src/x.ts', '@/../../../etc', ''])
})
