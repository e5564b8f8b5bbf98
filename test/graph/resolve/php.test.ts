import { describe, expect, test } from 'vitest'
import { RESOLVERS } from '../../../src/graph/resolve/index.ts'
import { type Case, files, resolveIn } from './resolve-in.ts'

describe('PHP', () => {
  const tree = {
    'composer.json': JSON.stringify({
      autoload: { 'psr-4': { 'App\\': 'app/', 'App\\Core\\': ['core/', 'core2/'] }, 'psr-0': { Old_: 'legacy/' } },
      'autoload-dev': { 'psr-4': { 'Tests\\': './tests', 'Up\\': '../../up', 'Bad\\': 7 } },
    }),
    'pkg/composer.json': '{"autoload": {"psr-4": {"Vendor\\\\Pkg\\\\": "src"}}}',
    'broken/composer.json': '{"autoload":',
    ...files(
      ...[
        'app/Http/Foo.php',
        'app/Core/Bar.php',
        'core2/Bar.php',
        'legacy/Old/Thing.php',
        'tests/FooTest.php',
        'pkg/src/Deep/Q.php',
      ],
      ...['themes/Shop/Cart.php', 'themes/inc/x.php', 'inc/y.php', 'index.php', 'other/Request.php'],
    ),
  }
  const cases: readonly Case[] = [
    ['index.php', 'App\\Http\\Foo', 'app/Http/Foo.php'],
    ['index.php', '\\App\\Http\\Foo', 'app/Http/Foo.php'],
    ['index.php', 'App\\\\Http\\\\Foo', 'app/Http/Foo.php'],
    ['index.php', 'App\\Core\\Bar', 'core2/Bar.php'],
    ['index.php', 'Old_Thing', 'legacy/Old/Thing.php'],
    ['index.php', 'Tests\\FooTest', 'tests/FooTest.php'],
    ['index.php', 'Vendor\\Pkg\\Deep\\Q', 'pkg/src/Deep/Q.php'],
    ['index.php', 'Any\\Where\\Shop\\Cart', '~themes/Shop/Cart.php'],
    ['index.php', 'Symfony\\Http\\Request', ''],
    ['index.php', 'Request', '~other/Request.php'],
    ['app/Http/Foo.php', 'App\\Http\\Foo', ''],
    ['index.php', 'Up\\X', ''],
    ['themes/Shop/Cart.php', '../inc/x.php', 'themes/inc/x.php'],
    ['themes/Shop/Cart.php', '/../inc/x.php', 'themes/inc/x.php'],
    ['themes/Shop/Cart.php', './gone.php', ''],
    ['themes/Shop/Cart.php', 'inc/y.php', 'inc/y.php'],
    ['index.php', '../../inc/y.php', ''],
    ['index.php', 'index.php', ''],
    ['index.php', '', ''],
    ['index.php', '\\', ''],
  ]
  test.each(cases)('in %s, %s means "%s"', (from, specifier, targets) => {
    expect(resolveIn('php', tree, from, specifier)).toBe(targets)
  })

  test('composer.json is its configuration', () => {
    expect(RESOLVERS.php!.isConfig('a/composer.json')).toBe(true)
    expect(RESOLVERS.php!.isConfig('composer.lock')).toBe(false)
  })
})
