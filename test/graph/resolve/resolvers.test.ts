import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildTree, RESOLVERS } from '../../../src/graph/resolve/index.ts'
import { ANY_CHARACTER } from '../../helpers/any-character.ts'

/** One of everything, so that every resolver has something to find. */
const PATHS = [
  ...['package.json', 'tsconfig.json', 'go.mod', 'Cargo.toml', 'composer.json', 'lib/package.json', 'lib/Cargo.toml'],
  ...[
    'a.ts',
    'b.js',
    'lib/index.ts',
    'lib/a.ts',
    'src/a.ts',
    'a/b.py',
    'a/__init__.py',
    'src/a/b.py',
    'a/x.go',
    'lib/y.go',
  ],
  ...[
    'src/lib.rs',
    'src/a.rs',
    'src/a/b.rs',
    'a/b/C.java',
    'a/b/C.scala',
    'a.h',
    'include/a.h',
    'lib/a.rb',
    'a/B.php',
    'a.sh',
  ],
]
const CONFIGS = [
  '{"name": "lib", "main": "a.ts", "imports": {"#a": "./a.ts"}, "compilerOptions": {"baseUrl": "."}, "autoload": {"psr-4": {"a\\\\": "a"}}}',
  '[package]\nname = "lib"\n',
  'module lib\n',
  '{"exports": {".": null}, "imports": [], "compilerOptions": {"paths": {"*": ["*"]}}, "extends": "./package.json"}',
  '{"__proto__": {"name": "lib"}, "constructor": "x", "name": "constructor"}',
  '{"name": ',
  '\u0000',
  '',
]
const words = [
  'a',
  'b',
  'C',
  'lib',
  'src',
  'index',
  'crate',
  'super',
  'self',
  'mod:',
  '#a',
  '@/',
  '$lib',
  '__proto__',
  'constructor',
  'toString',
  '*',
  '',
  ' ',
  '\n',
  '$(',
  'é',
]
const joints = ['/', '.', '..', './', '../', '::', '\\', '.js', '.h', '.py', '?']
const specifiers = fc.oneof(
  fc.array(fc.constantFrom(...words, ...joints), { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: ANY_CHARACTER, maxLength: 12 }),
)
const trees = fc.record({
  paths: fc.subarray(PATHS),
  texts: fc.array(fc.constantFrom(...CONFIGS), { minLength: PATHS.length, maxLength: PATHS.length }),
})

describe.each(Object.entries(RESOLVERS))('the resolver of %s', (_language, resolver) => {
  test('gives only paths of the tree, each once, never the importing file, whatever is written anywhere', () => {
    fc.assert(
      fc.property(
        trees,
        fc.constantFrom(...PATHS),
        fc.array(specifiers, { maxLength: 5 }),
        ({ paths, texts }, from, written) => {
          const tree = buildTree(paths, (path) => texts[PATHS.indexOf(path)]!)
          const resolve = resolver.create(tree)
          for (const specifier of written) {
            const targets = resolve(from, specifier).map(({ path }) => path)
            expect(targets.filter((path) => !paths.includes(path) || path === from)).toEqual([])
            expect(new Set(targets).size).toBe(targets.length)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('answers the same in any order of paths and whatever was asked before', () => {
    fc.assert(
      fc.property(
        trees,
        fc.constantFrom(...PATHS),
        fc.array(specifiers, { maxLength: 5 }),
        ({ paths, texts }, from, written) => {
          const read = (path: string) => texts[PATHS.indexOf(path)]!
          const used = resolver.create(buildTree(paths, read))
          for (const specifier of [...written, ...written]) {
            const fresh = resolver.create(buildTree([...paths].reverse(), read))
            expect(used(from, specifier)).toEqual(fresh(from, specifier))
          }
        },
      ),
      { numRuns: 100 },
    )
  })
})
