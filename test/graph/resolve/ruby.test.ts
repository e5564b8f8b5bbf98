import { describe, expect, test } from 'vitest'
import { type Case, files, resolveIn } from './resolve-in.ts'

describe('Ruby', () => {
  const tree = files(
    ...[
      'lib/shop/cart.rb',
      'lib/shop.rb',
      'gems/a/lib/dup/x.rb',
      'gems/b/lib/dup/x.rb',
      'gems/b/test.rb',
      'app/models/user.rb',
    ],
    ...['spec/spec_helper.rb', 'spec/cart_spec.rb', 'app/json.rb', 'bin/run.rb'],
  )
  const cases: readonly Case[] = [
    ['bin/run.rb', './../lib/shop', 'lib/shop.rb'],
    ['lib/shop.rb', './shop/cart', 'lib/shop/cart.rb'],
    ['lib/shop.rb', './shop/cart.rb', 'lib/shop/cart.rb'],
    ['lib/shop/cart.rb', '../shop', 'lib/shop.rb'],
    ['lib/shop.rb', './../../shop', ''],
    ['lib/shop.rb', './gone', ''],
    ['bin/run.rb', 'shop/cart', 'lib/shop/cart.rb'],
    ['bin/run.rb', 'shop', 'lib/shop.rb'],
    ['lib/shop.rb', 'shop', ''],
    ['bin/run.rb', 'dup/x', '~gems/a/lib/dup/x.rb ~gems/b/lib/dup/x.rb'],
    ['gems/b/test.rb', 'dup/x', '~gems/b/lib/dup/x.rb'],
    ['bin/run.rb', 'models/user', '~app/models/user.rb'],
    ['spec/cart_spec.rb', 'spec_helper', '~spec/spec_helper.rb'],
    ['bin/run.rb', 'json', ''],
    ['bin/run.rb', '/lib/shop', ''],
    ['bin/run.rb', '', ''],
  ]
  test.each(cases)('in %s, %s means "%s"', (from, specifier, targets) => {
    expect(resolveIn('ruby', tree, from, specifier)).toBe(targets)
  })
})
