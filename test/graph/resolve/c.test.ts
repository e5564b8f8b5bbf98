import { describe, expect, test } from 'vitest'
import { type Case, files, resolveIn } from './resolve-in.ts'

describe('C and C++', () => {
  const many = Array.from({ length: 9 }, (_, i) => `many/m${i}/config.h`)
  const tree = files(
    ...[
      'lib/src/a.c',
      'lib/src/a.h',
      'lib/include/lib/api.h',
      'include/lib/api.h',
      'include/top.h',
      'x/deep/only.hpp',
      'main.c',
    ],
    ...['p/one/dup.h', 'q/one/dup.h', 'q/main.c', ...many],
  )
  const cases: readonly Case[] = [
    ['lib/src/a.c', 'a.h', 'lib/src/a.h'],
    ['lib/src/a.c', './a.h', 'lib/src/a.h'],
    ['lib/src/a.c', '../include/lib/api.h', 'lib/include/lib/api.h'],
    ['lib/src/a.c', 'lib/api.h', '~lib/include/lib/api.h'],
    ['main.c', 'lib/api.h', '~include/lib/api.h'],
    ['lib/src/a.c', 'top.h', '~include/top.h'],
    ['lib/src/a.c', 'nowhere/../top.h', '~include/top.h'],
    ['main.c', 'deep/only.hpp', '~x/deep/only.hpp'],
    ['main.c', 'one/dup.h', '~p/one/dup.h ~q/one/dup.h'],
    ['q/x/y.c', 'one/dup.h', '~q/one/dup.h'],
    ['main.c', 'config.h', ''],
    ['many/m3/x.c', 'config.h', 'many/m3/config.h'],
    ['lib/src/a.h', 'a.h', ''],
    ['main.c', '../a.h', ''],
    ['main.c', '../../include/top.h', ''],
    ['main.c', 'stdio.h', ''],
    ['main.c', '', ''],
  ]
  test.each(cases)('in %s, %s means "%s"', (from, specifier, targets) => {
    for (const language of ['c', 'cpp']) expect(resolveIn(language, tree, from, specifier)).toBe(targets)
  })
})
