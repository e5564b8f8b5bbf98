import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { IgnoreFile } from '../../src/repo/ignore-file.ts'
import { isWindows, removeFolder } from '../helpers/platform.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'repose-ignore-'))
  execFileSync('git', ['init', '-q', root])
})
afterAll(() => removeFolder(root))

/** Of these paths, those that git ignores by this .gitignore. */
function ignoredByGit(rules: string, paths: readonly string[]): string[] {
  writeFileSync(join(root, '.gitignore'), rules)
  return askGit(paths, false)
}

interface Case {
  readonly rules: string
  readonly paths: readonly string[]
}

/** The same of many .gitignore files, each in a folder of its own. One git process. */
function eachIgnoredByGit(cases: readonly Case[], ignoreCase: boolean): string[][] {
  rmSync(join(root, '.gitignore'), { force: true })
  for (const [i, { rules }] of cases.entries()) {
    mkdirSync(join(root, `${i}`), { recursive: true })
    writeFileSync(join(root, `${i}/.gitignore`), rules)
  }
  const found = askGit(
    cases.flatMap(({ paths }, i) => paths.map((path) => `${i}/${path}`)),
    ignoreCase,
  )
  const ignored = cases.map((): string[] => [])
  for (const path of found) {
    const slash = path.indexOf('/')
    ignored[Number(path.slice(0, slash))]!.push(path.slice(slash + 1))
  }
  return ignored
}

function askGit(paths: readonly string[], ignoreCase: boolean): string[] {
  const settings = ['-c', `core.ignoreCase=${ignoreCase}`, '-c', 'core.excludesFile=/dev/null']
  try {
    const input = paths.map((path) => `${path}\0`).join('')
    const found = execFileSync('git', [...settings, 'check-ignore', '--no-index', '-z', '--stdin'], {
      cwd: root,
      input,
    })
    return found.toString().split('\0').slice(0, -1)
  } catch (error) {
    if ((error as { status?: number }).status === 1) return [] // its way to say: none
    throw error
  }
}

const ignoredByUs = (rules: string, paths: readonly string[], ignoreCase = false) => {
  const file = new IgnoreFile(ignoreCase).add(rules)
  return paths.filter((path) => file.ignores(path))
}

// A folder is tested by what is in it: of 'a/' git check-ignore looks at the slash too.
const PATHS = [
  'a',
  'b',
  'ab',
  'a/b',
  'b/a',
  'a/b/c',
  'c/a/b',
  'abc/b/a',
  'A/b',
  'a b',
  'a ',
  '#a',
  '!a',
  'a*b',
  'b/c/a/x',
]

describe.skipIf(isWindows)('it ignores what git ignores', () => {
  test.each([
    ['a'],
    ['/a'],
    ['a/'],
    ['a/b'],
    ['/a/b/'],
    ['*'],
    ['*\n!a\n!a/b'],
    ['*\n!*/\n!b'],
    ['a/*\n!a/b'],
    ['**/b'],
    ['a/**'],
    ['a/**/c'],
    ['**/a/**'],
    ['/**'],
    ['**'],
    ['a**b'],
    ['?'],
    ['??'],
    ['[a-b]'],
    ['[!a]'],
    ['[^a-b]*'],
    ['[]a]'],
    ['[a'],
    ['[[:alpha:]]'],
    ['[[:none:]]'],
    ['[a\\-c]'],
    ['\\#a'],
    ['#a'],
    ['\\!a'],
    ['a\\*b'],
    ['a\\ b'],
    ['a '],
    ['a\\ '],
    ['a\\'],
    ['\r\na\r\n'],
    ['\uFEFFa'],
    ['!'],
    ['/'],
    ['//'],
    ['a//b'],
  ])('by the rules %j', (rules) => {
    expect(ignoredByUs(rules, PATHS)).toEqual(ignoredByGit(rules, PATHS))
  })

  test('by any rules', () => {
    const name = fc.stringMatching(/^(\*|\*\*|\?|a|b|A|\[ab\]|\[!a\]|\[a-c\]|\\a|\*a|a\*|a\*b){1,2}$/)
    const rule = fc
      .tuple(
        fc.constantFrom('', '!', '/'),
        fc.array(name, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('', '/', ' '),
      )
      .map(([start, names, end]) => `${start}${names.join('/')}${end}`)
      .filter((text) => !/[^/!]\*\*|\*\*[^/ ]/.test(text)) // git compares pointers of two texts there
    const path = fc
      .array(fc.stringMatching(/^[abAc]{1,3}$/), { minLength: 1, maxLength: 4 })
      .map((names) => names.join('/'))
    const anyCase = fc.record({
      rules: fc.array(rule, { maxLength: 5 }).map((rules) => rules.join('\n')),
      paths: fc.uniqueArray(path, { minLength: 20, maxLength: 40 }),
      ignoreCase: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(anyCase, { minLength: 30, maxLength: 30 }), (cases) => {
        for (const ignoreCase of [false, true]) {
          const some = cases.filter((one) => one.ignoreCase === ignoreCase)
          const byGit = eachIgnoredByGit(some, ignoreCase)
          for (const [i, { rules, paths }] of some.entries())
            expect(ignoredByUs(rules, paths, ignoreCase), `by ${JSON.stringify(rules)}`).toEqual(byGit[i])
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 5) },
    )
  }, 120_000) // to find the smallest case after a failure
})

test('rules that are made to take for ever take a moment', () => {
  const name = `${'a'.repeat(250)}c`
  const deep = `${'a/'.repeat(1000)}c`
  for (const rule of [
    `${'*a'.repeat(20)}b`,
    `${'**/a/'.repeat(100)}b`,
    `${'[a-z]*'.repeat(40)}b`,
    '*'.repeat(100_000),
    `${'a*?'.repeat(80)}b`,
  ]) {
    const started = performance.now()
    const file = new IgnoreFile(true).add(rule)
    for (const path of [name, deep, `${name}/${deep}`]) file.test(path)
    expect(performance.now() - started).toBeLessThan(1000)
  }
})

test('more rules than anybody writes are refused', () => {
  expect(() => new IgnoreFile(true).add('a\n'.repeat(10_001))).toThrow(/more than 10000 rules/)
})
