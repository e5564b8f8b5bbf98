import { expect, test } from 'vitest'
import { readsLike } from '../../src/request/reads-like.ts'

const TITLES: Readonly<Record<string, readonly string[]>> = {
  feature: [
    'net: new io implementation',
    '[pylint] Implement a rule for returns',
    'Add a casts column',
    'Web: Show the local timezone in the header',
    'Display the status for each mode',
    'Prompt user before clearing the screen',
    'Add a [shell] attribute to override a setting',
    'Add support for @Inject annotations on fields',
    'feat: add a --json flag',
    'feat(core)!: staleTime as a function',
    'feat(useQuery) transform placeholder data with select',
    'Feature: pdm lock --refresh',
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
    '[Console] Windows code page support',
    'feat!: support running tests using a VM',
    'Add support for . in <Route path>',
  ],
  fix: [
    'Resolve a race condition in the cache',
    'fix: add a missing check',
    'Fix the script link',
    "Don't crash on empty input",
    "Fix grammar: 'allows to'",
    'Handle empty files',
    'Fix #12: add a missing check',
    '[Console] Fix Windows code page support',
  ],
  documentation: [
    'Add missing copyright / license headers to app.qt',
    'Add some missing docstring params',
    'Add a license file',
    'docs: add a guide',
    'Add documentation for plugins',
    'Add CHANGELOG.md entry for v1.28.5',
    'Add release notes for 2.0',
    'Added godocs to public methods.',
    'Add an example for hooks',
  ],
  tests: ['test: add cases', 'Add tests for the parser', 'Add unit testing'],
  refactoring: [
    'thread: use std::thread instead of platform implementation',
    'refactor: split the parser',
    'Rename xrep to ripgrep.',
    'Add type hints',
    'Use one map',
  ],
  'speed-up': ['perf: skip empty files', 'Speed up the walk', 'feat: speedup import time'],
  formatting: ['style: run prettier'],
  chore: [
    'chore: add a script',
    'ci: add Node 22',
    'Add armhf build to Travis CI',
    '[ci] format',
    'feat(ci): add a workflow',
  ],
  translation: ['i18n(fr): Update guides', 'Add German translation'],
  dependencies: ['Bump lodash from 4 to 5', 'Update dependencies'],
  release: ['v1.2.3', 'Release 2.0', 'Version Packages'],
  revert: ['Revert "feat: add csv"', 'revert: feat: add csv'],
  removal: ['Remove the old parser', 'feat: drop support of Python 3.8'],
  unclear: [
    'Show how to configure the walk',
    'Show better messages',
    'Sidebar state persistence',
    'Lots of progress',
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
