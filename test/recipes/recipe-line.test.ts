import { expect, test } from 'vitest'
import type { Recipe, RecipeStep } from '../../src/recipe.ts'
import { recipeLine, recipeLines } from '../../src/recipes/recipe-line.ts'
import { countTokens } from '../../src/tokens/tokens.ts'

const step = (place: string, more: Partial<RecipeStep> = {}): RecipeStep => ({
  kind: 'source',
  place,
  isPattern: false,
  isNew: false,
  model: null,
  held: 3,
  created: 0,
  share: 0.7,
  ...more,
})
const recipe = (more: Partial<Recipe> = {}): Recipe => ({
  name: 'Add ... driver',
  by: 'word',
  word: 'driver',
  steps: [step('src/a.ts')],
  commits: ['Add redis driver', 'Add mongo driver', 'Add sqlite driver', 'Add fs driver'].map((subject, i) => ({
    hash: `${i}123456789`,
    subject,
    time: 9 - i,
  })),
  sources: 1,
  ...more,
})

test('files, patterns and files to make are told apart', () => {
  const steps = [
    step('src/a.ts'),
    step('test/*.ts', { isPattern: true, model: 'test/b.ts' }),
    step('src/<name>/<name>.go', { isPattern: true, isNew: true, model: 'src/list/list.go', held: 4, created: 4 }),
    step('news/*.md', { isPattern: true, isNew: true, kind: 'changelog' }),
  ]
  expect(recipeLine(recipe({ steps }), 'Add mongo replica driver')).toBe(
    'Past commits of this kind (4, e.g. 1123456 "Add mongo driver") usually changed src/a.ts (3 of 4), one of test/*.ts such as test/b.ts (3 of 4), and made a new src/<name>/<name>.go like src/list/list.go (4 of 4), news/*.md (3 of 4)',
  )
})

test('a habit names no commit, and of what fewer than half did it is said that it were the newer ones', () => {
  const steps = [step('CHANGELOG.md', { kind: 'changelog', held: 1 })]
  expect(recipeLine(recipe({ by: 'habit', steps }))).toBe(
    'Features of any kind (4 past commits) usually changed CHANGELOG.md (1 of 4, the newer ones)',
  )
  expect(recipeLine(recipe({ steps }))).toMatch(/ changed CHANGELOG\.md \(1 of 4, the newer ones\)$/)
})

test('text of the repository stays on one line, without control characters, and is cut', () => {
  const commits = [{ hash: 'abcdef012', subject: `a\u001b[31m\nb\u2028c\u202e ${'long '.repeat(40)}`, time: 1 }]
  const line = recipeLine(recipe({ commits, steps: [step('src/\u0007x\n.ts')] }))
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  expect(line.length).toBeLessThan(150)
})

test('as many steps are told as fit into the tokens, the first always', () => {
  const steps = Array.from({ length: 10 }, (_, i) => step(`src/some/folder/file-number-${i}.ts`))
  const line = recipeLine(recipe({ steps }), '', 80)
  expect(countTokens(line)).toBeLessThanOrEqual(80)
  expect(line).toContain('file-number-1.ts')
  expect(line).not.toContain('file-number-9.ts')
  expect(recipeLine(recipe({ steps }), '', 1)).toContain('file-number-0.ts')
})

test('a step that is too long is left out for a later one that fits', () => {
  const steps = [step('src/a.ts'), step(`src/${'very-long-folder/'.repeat(30)}b.ts`), step('src/c.ts')]
  expect(recipeLine(recipe({ steps }))).toMatch(/ changed src\/a\.ts \(3 of 4\), src\/c\.ts \(3 of 4\)$/)
})

test('half of the commits are not yet the newer ones alone', () => {
  expect(recipeLine(recipe({ steps: [step('src/a.ts', { held: 2 })] }))).toMatch(/src\/a\.ts \(2 of 4\)$/)
})

test('the example is the commit that shares most words with the title, each counted once, and else the newest', () => {
  const commits = ['Add redis', 'Add mongo replica', 'Add mongo mongo', 'Add mongo replica set'].map((subject, i) => ({
    ...{ hash: `abcdef${i}xyz`, subject, time: 9 - i },
  }))
  const shown = (title: string) => /e\.g\. (\w+)/.exec(recipeLine(recipe({ commits }), title))![1]
  expect(shown('')).toBe('abcdef0')
  expect(shown('mongo')).toBe('abcdef1')
  expect(shown('replica set of mongo')).toBe('abcdef3')
})

test('for people it is a line a step, below its name and an example', () => {
  const steps = [
    step('src/a.ts'),
    step('test/*.ts', { isPattern: true, isNew: true, model: 'test/b.ts' }),
    step('docs/\u0007x\n.md', { isPattern: true, model: 'docs/y.md' }),
  ]
  expect(recipeLines(recipe({ name: 'mongo driver', steps }))).toEqual([
    'mongo driver  (4 past commits, e.g. 1123456 "Add mongo driver")',
    '  change src/a.ts (3 of 4)',
    '  make a new test/*.ts like test/b.ts (3 of 4)',
    '  change one of docs/ x .md such as docs/y.md (3 of 4)',
  ])
})
