import { expect, test } from 'vitest'
import { readsLike } from '../src/reads-like.ts'

const TITLES: Readonly<Record<string, readonly string[]>> = {
  feature: [
    'feat: add a --json flag',
    'feat(core)!: staleTime as a function',
    'feat(useQuery) transform placeholder data with select',
    'Feature: pdm lock --refresh',
    'Feature/#531/more powerful list command',
    '✨ dark mode',
    ':sparkles: dark mode',
    'Add support for IPv6',
    'Added --unsorted',
    'Allow bypassing .netrc with `--ignore-netrc`',
    'ripgrep: add --pre flag',
    '[Http] Adding an AsyncPlugin',
    'Initial Starlight Plugins support',
    'Zsh completion support',
    'Make resolve max rounds configurable',
    'Expose the `Icon` type',
    'New option: -g/--global',
    'Customizable error message prefix',
    'feat: добавить экспорт',
    'feat: cache control',
    'feat: improve watcher performance, add a rerun option',
    'Add test and lint commands',
    'Issue #12: Added a check',
    'Fixed #12 -- Added a --json flag',
    'ABC-123 [1/2] Add a flag',
    '[Console] Windows code page support',
    'Add a flag to skip tests',
    'Add support for comments in JSON',
    'feat!: support running tests using a VM',
    'Add a {% debug %} tag. This dumps the available variables, filters and tests.',
    'Add support for . in <Route path>',
  ],
  fix: [
    'fix: add a missing check',
    'Fix the script link',
    "Don't crash on empty input",
    "Fix grammar: 'allows to'",
    'Handle empty files',
    'Fix #12: add a missing check',
    'Refs #12 -- Fixed a crash',
    '[Console] Fix Windows code page support',
  ],
  documentation: [
    'docs: add a guide',
    'Add documentation for plugins',
    'Add CHANGELOG.md entry for v1.28.5',
    'Add release notes for 2.0',
    'Added godocs to public methods.',
    'Add an example for hooks',
  ],
  tests: [
    'test: add cases',
    'Add tests for the parser',
    'Add unit testing',
    'Add StringsTest.testTrim()',
    'Add exec tests and cfg(test) compiler guards',
    'Add tests parsing help output',
    'Added more tests. Yay!',
  ],
  refactoring: [
    'refactor: split the parser',
    'Rename xrep to ripgrep.',
    'Add type hints',
    'Use one map',
    'Add missing PHPdoc return types',
    'Add return types, round 1',
    'Add some missing @Nullable annotations to Utils',
  ],
  'speed-up': [
    'perf: skip empty files',
    'Speed up the walk',
    'feat: speedup import time',
    'feat(performance): fewer allocations',
    'feat: improve the performance of the walk',
  ],
  formatting: [
    'style: run prettier',
    'Add mypy pre-commit hook',
    'Add missing semicolons',
    'Re-enable code style check',
    '[clang-tidy] Add parentheses to macro arguments',
  ],
  chore: [
    'chore: add a script',
    'ci: add Node 22',
    'Add armhf build to Travis CI',
    '[ci] format',
    'feat(ci): add a workflow',
  ],
  translation: ['i18n(fr): Update guides', 'Add German translation'],
  dependencies: [
    'Bump lodash from 4 to 5',
    'feat(deps): new zod',
    'feat: Update PDM requirements to Python 3.8',
    'Update dependencies',
  ],
  release: ['v1.2.3', 'Release 2.0', 'Version Packages', 'Prepare for 3.0'],
  revert: ['Revert "feat: add csv"', 'revert: feat: add csv'],
  removal: ['Remove the old parser', 'feat: drop support of Python 3.8', 'feature #12 [Console] Removed DialogHelper'],
  unclear: [
    'Sidebar state persistence',
    'add function',
    'New URL.',
    'Lots of progress',
    'Wrong implementation of a map',
    'x',
    '',
    '🎉',
  ],
}

for (const [reading, titles] of Object.entries(TITLES))
  test.each(titles)(`reads like ${reading}: %j`, (title) => {
    expect(readsLike(title)).toBe(reading)
  })

test('a title of 100,000 characters takes no time', () => {
  const started = performance.now()
  for (const long of ['a: '.repeat(33_000), '[a] '.repeat(25_000), ':'.repeat(100_000), 'add '.repeat(25_000)])
    readsLike(long.slice(0, 300))
  expect(performance.now() - started).toBeLessThan(200)
})
