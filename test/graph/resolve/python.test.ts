import { describe, expect, test } from 'vitest'
import { type Case, files, resolveIn } from './resolve-in.ts'

describe('Python modules', () => {
  const tree = files(
    ...['pkg/__init__.py', 'pkg/core.py', 'pkg/util.py', 'pkg/util/__init__.py', 'pkg/util/text.py', 'pkg/fast.pyi'],
    ...[
      'pkg/sub/__init__.py',
      'pkg/sub/leaf.py',
      'pkg/space/inner.py',
      'pkg/json.py',
      'setup.py',
      'json.py',
      'script.py',
    ],
    ...['tests/test_core.py', 'tests/helpers.py', 'test/__init__.py', 'test/support.py'],
  )
  const cases: readonly Case[] = [
    ['script.py', 'pkg', 'pkg/__init__.py'],
    ['script.py', 'pkg.core', 'pkg/core.py'],
    ['script.py', 'pkg.core.run', ''],
    ['script.py', 'pkg.util', 'pkg/util/__init__.py'],
    ['script.py', 'pkg.util.text', 'pkg/util/text.py'],
    ['script.py', 'pkg.fast', 'pkg/fast.pyi'],
    ['script.py', 'pkg.space', ''],
    ['script.py', 'pkg.space.inner', 'pkg/space/inner.py'],
    ['pkg/core.py', '.', 'pkg/__init__.py'],
    ['pkg/core.py', '.util', 'pkg/util/__init__.py'],
    ['pkg/core.py', '.util.text', 'pkg/util/text.py'],
    ['pkg/core.py', '.json', 'pkg/json.py'],
    ['pkg/__init__.py', '.', ''],
    ['pkg/__init__.py', '.core', 'pkg/core.py'],
    ['pkg/sub/__init__.py', '.leaf', 'pkg/sub/leaf.py'],
    ['pkg/sub/__init__.py', '..core', 'pkg/core.py'],
    ['pkg/sub/leaf.py', '..', 'pkg/__init__.py'],
    ['pkg/sub/leaf.py', '..sub.leaf', ''],
    ['pkg/sub/leaf.py', '...script', 'script.py'],
    ['pkg/sub/leaf.py', '....script', ''],
    ['pkg/sub/leaf.py', '.....', ''],
    ['pkg/core.py', 'pkg.core', ''],
    ['pkg/core.py', 'core', ''],
    ['script.py', 'sub.leaf', ''],
    ['script.py', 'json', ''],
    ['script.py', 'os.path', ''],
    ['script.py', 'numpy', ''],
    ['script.py', 'test.support', 'test/support.py'],
    ['tests/test_core.py', 'helpers', 'tests/helpers.py'],
    ['tests/test_core.py', 'pkg.core', 'pkg/core.py'],
    ['script.py', '', ''],
    ['script.py', 'pkg..core', ''],
    ['script.py', 'pkg/core', ''],
  ]
  test.each(cases)('in %s, %s means "%s"', (from, specifier, targets) => {
    expect(resolveIn('python', tree, from, specifier)).toBe(targets)
  })
})

test('a src folder anywhere, a project folder and a folder that holds a package are import roots', () => {
  const tree = files(
    ...[
      'packages/x/src/foo/a.py',
      'packages/y/pyproject.toml',
      'packages/y/bar/b.py',
      'python/baz/__init__.py',
      'python/baz/c.py',
    ],
    ...['src/solo.py', 'docs/misc/d.py', 'run.py'],
  )
  const resolve = (specifier: string) => resolveIn('python', tree, 'run.py', specifier)
  expect(resolve('foo.a')).toBe('packages/x/src/foo/a.py')
  expect(resolve('bar.b')).toBe('packages/y/bar/b.py')
  expect(resolve('baz.c')).toBe('python/baz/c.py')
  expect(resolve('solo')).toBe('src/solo.py')
  expect(resolve('misc.d')).toBe('')
  expect(resolve('c')).toBe('')
})

test('a module in the own import root is proven, one that several roots have is guessed by nearness', () => {
  const tree = files(
    ...['a/src/common/__init__.py', 'b/src/common/__init__.py', 'a/src/app/__init__.py', 'a/src/app/main.py'],
    ...['b/tests/test_b.py', 'tool.py'],
  )
  expect(resolveIn('python', tree, 'a/src/app/main.py', 'common')).toBe('a/src/common/__init__.py')
  expect(resolveIn('python', tree, 'b/tests/test_b.py', 'common')).toBe('~b/src/common/__init__.py')
  expect(resolveIn('python', tree, 'tool.py', 'common')).toBe('~a/src/common/__init__.py ~b/src/common/__init__.py')
})
