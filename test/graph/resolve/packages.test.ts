import { describe, expect, test } from 'vitest'
import { type Case, type Files, files, resolveIn } from './resolve-in.ts'

const resolve = (tree: Files, from: string, specifier: string) => resolveIn('typescript', tree, from, specifier)

/** A package @x/core in packages/core with these package.json fields and files, and app/a.ts that uses it. */
function workspace(fields: object, ...paths: readonly string[]): Files {
  return {
    'package.json': '{"name": "root", "workspaces": ["packages/*"]}',
    'packages/core/package.json': JSON.stringify({ name: '@x/core', ...fields }),
    ...files('app/a.ts', ...paths.map((path) => `packages/core/${path}`)),
  }
}

describe('a package of the same repository', () => {
  const cases: readonly (readonly [title: string, fields: object, files: string[], subpath: string, target: string])[] =
    [
      ['exports as a string', { exports: './lib/main.js' }, ['lib/main.js'], '', 'lib/main.js'],
      ['exports as conditions', { exports: { require: './a.cjs', default: './b.js' } }, ['a.cjs', 'b.js'], '', 'a.cjs'],
      [
        'a source condition first',
        { exports: { '.': { import: './i.js', '@x/source': './s.ts', source: './src/s.ts' } } },
        ['i.js', 's.ts', 'src/s.ts'],
        '',
        'src/s.ts',
      ],
      [
        'nested conditions',
        { exports: { '.': { node: { import: { default: './n.js' } }, default: './d.js' } } },
        ['n.js'],
        '',
        'n.js',
      ],
      [
        'a source goes before its declarations',
        { exports: { types: './i.d.ts', import: './i.js' } },
        ['i.d.ts', 'i.js'],
        '',
        'i.js',
      ],
      [
        'declarations where there is nothing else',
        { exports: { types: './i.d.ts', import: './i.js' } },
        ['i.d.ts'],
        '',
        'i.d.ts',
      ],
      [
        'the first target of an array that exists',
        { exports: [{ import: './gone.js' }, './b.js'] },
        ['b.js'],
        '',
        'b.js',
      ],
      [
        'a subpath',
        { exports: { '.': './a.ts', './sub': './lib/sub.ts' } },
        ['a.ts', 'lib/sub.ts'],
        '/sub',
        'lib/sub.ts',
      ],
      [
        'a pattern',
        { exports: { './*': './lib/*.ts', './f/*': './feat/*/index.ts' } },
        ['lib/f/a.ts', 'feat/a/index.ts'],
        '/f/a',
        'feat/a/index.ts',
      ],
      ['a pattern with an ending', { exports: { './*.js': './lib/*.ts' } }, ['lib/a/b.ts'], '/a/b.js', 'lib/a/b.ts'],
      [
        'output traced to its source',
        { exports: { import: './dist/index.mjs', types: './dist/index.d.ts' } },
        ['src/index.ts'],
        '',
        '~src/index.ts',
      ],
      [
        'output of a flavour',
        { exports: { './*': './build/modern/*.js' } },
        ['src/sub/x.ts'],
        '/sub/x',
        '~src/sub/x.ts',
      ],
      ['output beside the sources', { main: 'dist/lib/a.js' }, ['lib/a.ts'], '', '~lib/a.ts'],
      ['exports that lead nowhere', { exports: './bundle.js' }, ['src/index.ts'], '', '~src/index.ts'],
      [
        'a subpath that exports do not name',
        { exports: './a.js' },
        ['a.js', 'src/extra.ts'],
        '/extra',
        '~src/extra.ts',
      ],
      ['main without exports', { main: 'lib/main' }, ['lib/main.js', 'index.js'], '', 'lib/main.js'],
      ['main that is a folder', { main: './lib' }, ['lib/index.js'], '', 'lib/index.js'],
      ['module before main', { main: './a.cjs', module: './a.mjs' }, ['a.cjs', 'a.mjs'], '', 'a.mjs'],
      ['the index when no field says anything', {}, ['index.ts', 'src/index.ts'], '', 'index.ts'],
      ['src/index as a guess', {}, ['src/index.tsx'], '', '~src/index.tsx'],
      ['a file by its path', {}, ['lib/b.ts'], '/lib/b', 'lib/b.ts'],
      ['a file below src as a guess', {}, ['src/b.ts'], '/b', '~src/b.ts'],
      ['its package.json', { exports: { './package.json': './package.json' } }, [], '/package.json', 'package.json'],
      ['targets beyond the root', { exports: '../../../x.ts', main: '../../../x.ts' }, [], '', ''],
      ['subpaths beyond the root', {}, ['index.ts'], '/../../../x', ''],
      ['values of the wrong type', { exports: { '.': [7, null, { import: false }] }, main: 3 }, [], '', ''],
    ]
  test.each(cases)('%s', (_title, fields, paths, subpath, target) => {
    const expected = target.replace(/^(~?)(?=.)/, '$1packages/core/')
    expect(resolve(workspace(fields, ...paths), 'app/a.ts', `@x/core${subpath}`)).toBe(expected)
  })

  test('a package uses its own name', () => {
    const tree = workspace(
      { exports: { '.': './src/index.ts', './x': './src/x.ts' } },
      'src/index.ts',
      'src/x.ts',
      'test/t.ts',
    )
    expect(resolve(tree, 'packages/core/test/t.ts', '@x/core/x')).toBe('packages/core/src/x.ts')
    expect(resolve(tree, 'packages/core/src/index.ts', '@x/core')).toBe('')
  })

  test('of several with one name the own and then the nearest one is meant; node_modules is not looked at', () => {
    const one = (folder: string) => ({ [`${folder}/package.json`]: '{"name": "dup"}', [`${folder}/index.js`]: '' })
    const tree = { ...one('a/lib'), ...one('b/lib'), ...one('b/node_modules/dup'), ...files('b/x.js', 'a/lib/t.js') }
    expect(resolve(tree, 'b/x.js', 'dup')).toBe('b/lib/index.js')
    expect(resolve(tree, 'a/lib/t.js', 'dup')).toBe('a/lib/index.js')
    expect(resolve({ ...one('node_modules/dup'), ...files('x.js') }, 'x.js', 'dup')).toBe('')
  })

  test('a fixture below that has the same name does not hide the own package', () => {
    const one = (folder: string) => ({ [`${folder}package.json`]: '{"name": "dup"}', [`${folder}index.js`]: '' })
    const tree = { ...one('lib/'), ...one('lib/test/fixture/'), 'lib/test/t.js': '' }
    expect(resolve(tree, 'lib/test/t.js', 'dup')).toBe('lib/index.js')
  })

  test('a malformed package.json is absent', () => {
    const tree = { ...workspace({}, 'index.ts'), 'packages/core/package.json': '{"name": "@x/core",, ' }
    expect(resolve(tree, 'app/a.ts', '@x/core')).toBe('')
  })
})

describe('imports of a package.json', () => {
  const tree = {
    'package.json': JSON.stringify({
      imports: {
        '#db': './src/db.ts',
        '#in/*': { types: './types/*.d.ts', default: './src/in/*.js' },
        '#in/secret/*': null,
        '#out/*.js': './dist/*.js',
        '#core': '@x/core',
        '#up': '../x.ts',
      },
    }),
    'core/package.json': '{"name": "@x/core", "exports": "./main.ts"}',
    'app/package.json': '{"name": "app"}',
    ...files('src/db.ts', 'src/in/a.ts', 'src/out.ts', 'core/main.ts', 'app/b.ts', 'src/x.ts'),
  }
  const cases: readonly Case[] = [
    ['src/x.ts', '#db', 'src/db.ts'],
    ['src/x.ts', '#in/a', 'src/in/a.ts'],
    ['src/x.ts', '#in/secret/a', ''],
    ['src/x.ts', '#out/out.js', '~src/out.ts'],
    ['src/x.ts', '#core', 'core/main.ts'],
    ['src/x.ts', '#none', ''],
    ['src/x.ts', '#up', ''],
    ['src/db.ts', '#db', ''],
    ['app/b.ts', '#db', ''],
  ]
  test.each(cases)('in %s, %s means "%s"', (from, specifier, targets) => {
    expect(resolve(tree, from, specifier)).toBe(targets)
  })
})
