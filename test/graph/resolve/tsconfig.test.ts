import { expect, test } from 'vitest'
import { buildTree, RESOLVERS } from '../../../src/graph/resolve/index.ts'
import { type Files, files, resolveIn } from './resolve-in.ts'

const resolve = (tree: Files, from: string, specifier: string) => resolveIn('typescript', tree, from, specifier)
const options = (compilerOptions: unknown, rest: object = {}) => JSON.stringify({ ...rest, compilerOptions })

test('paths are relative to the file that states them, exact names before patterns, the longest prefix first', () => {
  const tree = {
    'app/tsconfig.json': options({
      paths: {
        '@/*': ['./src/*'],
        '@/ui/*': ['./ui/*', './ui2/*'],
        config: ['./src/settings.ts'],
        '*.css': ['./css/*.css.ts'],
      },
    }),
    ...files(
      'app/src/a.ts',
      'app/src/b.ts',
      'app/ui2/c.ts',
      'app/src/settings.ts',
      'app/src/ui/d.ts',
      'app/css/x.css.ts',
      'b.ts',
    ),
  }
  expect(resolve(tree, 'app/src/a.ts', '@/b')).toBe('app/src/b.ts')
  expect(resolve(tree, 'app/src/a.ts', '@/ui/c')).toBe('app/ui2/c.ts')
  expect(resolve(tree, 'app/src/a.ts', 'config')).toBe('app/src/settings.ts')
  expect(resolve(tree, 'app/src/a.ts', 'x.css')).toBe('app/css/x.css.ts')
  expect(resolve(tree, 'b.ts', '@/b')).toBe('')
})

test('baseUrl makes bare names start in a folder, and paths relative to it', () => {
  const tree = {
    'tsconfig.json': options({ baseUrl: 'code', paths: { '~/*': ['lib/*'] } }),
    ...files('code/lib/a.ts', 'code/shop/cart.ts', 'code/shop/index.ts', 'code/fs.ts', 'x.ts'),
  }
  expect(resolve(tree, 'x.ts', '~/a')).toBe('code/lib/a.ts')
  expect(resolve(tree, 'x.ts', 'shop/cart')).toBe('code/shop/cart.ts')
  expect(resolve(tree, 'x.ts', 'shop')).toBe('code/shop/index.ts')
  expect(resolve(tree, 'x.ts', 'fs')).toBe('')
})

test('comments, trailing commas, a byte order mark and slashes within strings are read', () => {
  const text = `\uFEFF{
    // the "main" options
    "compilerOptions": { /* "paths": {} */
      "baseUrl": "./", // here
      "paths": { "//web/*": ["src/*",], "a,]": ["src/a.ts"], },
    },
  }`
  const tree = { 'tsconfig.json': text, ...files('src/a.ts', 'src/b.ts') }
  expect(resolve(tree, 'src/b.ts', 'a,]')).toBe('src/a.ts')
  expect(resolve(tree, 'src/b.ts', 'src/a')).toBe('src/a.ts')
})

test('extends is followed through relative files, later ones and the own file winning', () => {
  const tree = {
    'tsconfig.base.json': options({ baseUrl: '.', paths: { 'lib/*': ['libs/*/index.ts'] } }),
    'config/none.json': options({ strict: true }),
    'apps/web/tsconfig.json': options({}, { extends: ['../../config/none.json', '../../tsconfig.base'] }),
    'apps/own/tsconfig.json': options(
      { paths: { 'lib/*': ['apps/own/lib/*'] } },
      { extends: '../../tsconfig.base.json' },
    ),
    'apps/dir/tsconfig.json': options({}, { extends: '../../shared' }),
    'shared/tsconfig.json': options({ paths: { 'lib/*': ['../libs/*/index.ts'] } }),
    ...files('libs/x/index.ts', 'apps/web/a.ts', 'apps/own/a.ts', 'apps/own/lib/x.ts', 'apps/dir/a.ts'),
  }
  expect(resolve(tree, 'apps/web/a.ts', 'lib/x')).toBe('libs/x/index.ts')
  expect(resolve(tree, 'apps/own/a.ts', 'lib/x')).toBe('apps/own/lib/x.ts')
  expect(resolve(tree, 'apps/dir/a.ts', 'lib/x')).toBe('libs/x/index.ts')
})

test('configDir in braces is the folder of the file that begins the chain', () => {
  const tree = {
    'base.json': options({ paths: { '@/*': ['$' + '{configDir}/src/*'] } }),
    'app/tsconfig.json': options({}, { extends: '../base.json' }),
    ...files('app/src/a.ts', 'src/a.ts', 'app/b.ts'),
  }
  expect(resolve(tree, 'app/b.ts', '@/a')).toBe('app/src/a.ts')
})

test('the nearest configuration governs; one that is malformed counts as absent', () => {
  const paths = (target: string) => options({ paths: { '@/*': [target] } })
  const rest = files('src/a.ts', 'app/src/a.ts', 'app/b.ts')
  const broken = { 'tsconfig.json': paths('./src/*'), 'app/tsconfig.json': '{"compilerOptions": {', ...rest }
  expect(resolve({ ...broken, 'app/tsconfig.json': paths('./src/*') }, 'app/b.ts', '@/a')).toBe('app/src/a.ts')
  expect(resolve(broken, 'app/b.ts', '@/a')).toBe('src/a.ts')
  expect(resolve({ ...broken, 'app/jsconfig.json': paths('./src/*') }, 'app/b.ts', '@/a')).toBe('app/src/a.ts')
})

test('values of the wrong type, cycles of extends and targets beyond the root give nothing', () => {
  const rest = files('a.ts', 'src/x.ts')
  for (const text of [
    '[]',
    'null',
    '7',
    '{"compilerOptions": 3}',
    '{"compilerOptions": {"paths": ["x"], "baseUrl": 4}, "extends": {"a": 1}}',
  ]) {
    expect(resolve({ 'tsconfig.json': text, ...rest }, 'a.ts', 'x')).toBe('')
  }
  const cycle = { 'tsconfig.json': '{"extends": "./b.json"}', 'b.json': '{"extends": "./tsconfig.json"}' }
  expect(resolve({ ...cycle, ...rest }, 'a.ts', 'src/x')).toBe('')
  const beyond = options({ baseUrl: '../..', paths: { '@app/*': ['../../*', 5, null] } })
  expect(resolve({ 'app/tsconfig.json': beyond, 'app/b.ts': '', ...rest }, 'app/b.ts', '@app/a')).toBe('')
})

test('a mapped path that leads into build output is traced to the source, as a guess', () => {
  const tree = {
    'package.json': '{}',
    'tsconfig.json': options({ paths: { '@x/core': ['./packages/core/dist/index.d.ts'] } }),
    ...files('packages/core/src/index.ts', 'a.ts'),
  }
  expect(resolve(tree, 'a.ts', '@x/core')).toBe('~packages/core/src/index.ts')
})

test('configuration files are told by their names', () => {
  const isConfig = RESOLVERS.typescript!.isConfig
  for (const path of [
    'package.json',
    'a/package.json',
    'tsconfig.json',
    'a/tsconfig.base.json',
    'jsconfig.json',
    'packages/tsconfig/base.json',
  ]) {
    expect(isConfig(path), path).toBe(true)
  }
  for (const path of ['src/package.json.ts', 'my-package.json', 'tsconfig.ts', 'data.json'])
    expect(isConfig(path), path).toBe(false)
})

test('each configuration file is read once, and only when a specifier needs it', () => {
  const reads: string[] = []
  const tree = buildTree(['tsconfig.json', 'package.json', 'a.ts', 'b.ts'], (path) => {
    reads.push(path)
    return '{}'
  })
  const resolver = RESOLVERS.typescript!.create(tree)
  resolver('a.ts', './b')
  expect(reads).toEqual([])
  for (const specifier of ['x', 'y', '@z/w', '#q']) resolver('a.ts', specifier)
  expect(reads.sort()).toEqual(['package.json', 'tsconfig.json'])
})
