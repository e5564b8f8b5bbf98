import { expect, test } from 'vitest'
import { RESOLVERS } from '../../../src/graph/resolve/index.ts'
import { files, resolveIn } from './resolve-in.ts'

const rest = files(
  'main.go',
  'a.go',
  'pkg/z/one.go',
  'pkg/z/two.go',
  'pkg/z/one_test.go',
  'pkg/z/notes.md',
  'cmd/x/main.go',
)

test('an import means all files of the package but its tests', () => {
  const tree = { 'go.mod': '// comment\nmodule example.com/x/y // here\n\ngo 1.22\n', ...rest }
  const resolve = (specifier: string) => resolveIn('go', tree, 'cmd/x/main.go', specifier)
  expect(resolve('example.com/x/y/pkg/z')).toBe('pkg/z/one.go pkg/z/two.go')
  expect(resolve('example.com/x/y')).toBe('a.go main.go')
  expect(resolve('example.com/x/y/pkg')).toBe('')
  expect(resolve('example.com/x/yes')).toBe('')
  expect(resolve('example.com/x/y/../../..')).toBe('')
  expect(resolve('fmt')).toBe('')
  expect(resolve('C')).toBe('')
  expect(resolve('')).toBe('')
  expect(resolve('../../pkg/z')).toBe('pkg/z/one.go pkg/z/two.go')
})

test('an external test sees the package it stands beside, and a file never itself', () => {
  const tree = { 'go.mod': 'module m\n', ...rest }
  expect(resolveIn('go', tree, 'pkg/z/one_test.go', 'm/pkg/z')).toBe('pkg/z/one.go pkg/z/two.go')
  expect(resolveIn('go', tree, 'pkg/z/one.go', 'm/pkg/z')).toBe('pkg/z/two.go')
})

test('of several modules the longest path that fits wins, of several with one path the nearest', () => {
  const tree = {
    'go.mod': 'module "m"',
    'api/go.mod': 'module m/api/v2',
    'ex/one/go.mod': 'module example',
    'ex/two/go.mod': 'module example',
    ...files('api/types.go', 'api/v2/old.go', 'ex/one/p/p.go', 'ex/two/p/p.go', 'ex/two/main.go', 'main.go'),
  }
  expect(resolveIn('go', tree, 'main.go', 'm/api/v2')).toBe('api/types.go')
  expect(resolveIn('go', tree, 'ex/two/main.go', 'example/p')).toBe('ex/two/p/p.go')
})

test('replace and vendor come before the module paths', () => {
  const tree = {
    'app/go.mod':
      'module app\nreplace (\n\told.org/lib v1.2.0 => ../lib\n\tgone.org/x => other.org/x v1.0.0\n)\nreplace up.org/y => ../../y',
    'app/go.work': 'use ./sub\nreplace old.org/tool => ./sub',
    'lib/go.mod': 'module new.org/lib',
    ...files('lib/deep/l.go', 'app/main.go', 'app/sub/s.go', 'app/vendor/dep.org/d/d.go', 'other/main.go', 'y/y.go'),
  }
  const resolve = (specifier: string, from = 'app/main.go') => resolveIn('go', tree, from, specifier)
  expect(resolve('old.org/lib/deep')).toBe('lib/deep/l.go')
  expect(resolve('new.org/lib/deep')).toBe('lib/deep/l.go')
  expect(resolve('old.org/tool')).toBe('app/sub/s.go')
  expect(resolve('dep.org/d')).toBe('app/vendor/dep.org/d/d.go')
  expect(resolve('gone.org/x')).toBe('')
  expect(resolve('up.org/y')).toBe('')
  expect(resolve('old.org/lib/deep', 'other/main.go')).toBe('')
})

test('a go.mod without a module line is absent', () => {
  expect(resolveIn('go', { 'go.mod': '<<<<<<< HEAD', ...rest }, 'main.go', 'm/pkg/z')).toBe('')
  expect(RESOLVERS.go!.isConfig('a/go.work')).toBe(true)
  expect(RESOLVERS.go!.isConfig('go.sum')).toBe(false)
})
