import { expect, test } from 'vitest'
import { type PlanFile, planPass, readPlanFiles } from '../../../agents/sleep/plan.ts'
import { sh, write } from '../../repo/scratch-repo.ts'
import { openLab } from './sleep-lab.ts'

const file = (path: string, more: Partial<PlanFile> = {}): PlanFile => ({
  path,
  source: 1,
  blob: path,
  language: 'typescript',
  bytes: 4000,
  symbols: 5,
  sourceHash: path,
  importers: 0,
  churn: 0,
  needed: 0,
  state: 'none',
  ...more,
})
const order = (files: readonly PlanFile[]) => planPass(files).map(({ path }) => path)

test('files that change often and that many import come first', () => {
  expect(
    order([file('a'), file('b', { churn: 3 }), file('c', { importers: 9 }), file('d', { churn: 3, importers: 9 })]),
  ).toEqual(['d', 'b', 'c', 'a'])
})

test('a file that requests needed comes before one that none did', () => {
  expect(order([file('a'), file('b', { needed: 2 }), file('c', { needed: 9 })])).toEqual(['c', 'b', 'a'])
})

test('a file that saves more for each token of its call comes first', () => {
  expect(order([file('small', { bytes: 300 }), file('large', { bytes: 9000 })])).toEqual(['large', 'small'])
})

test('a file without any note goes before one whose note is stale', () => {
  expect(order([file('a', { state: 'stale' }), file('b')])).toEqual(['b', 'a'])
})

test('fresh files and files of next to nothing are left out', () => {
  expect(
    order([file('a', { state: 'fresh' }), file('b', { bytes: 50, symbols: 0 }), file('c', { bytes: 50, symbols: 1 })]),
  ).toEqual(['c'])
})

test('files of one content are one call, worth as much as all of them', () => {
  const plan = planPass([
    file('a', { sourceHash: 'same' }),
    file('c', { bytes: 4400 }),
    file('b', { sourceHash: 'same' }),
  ])
  expect(plan.map(({ path, paths }) => [path, paths])).toEqual([
    ['a', ['a', 'b']],
    ['c', ['c']],
  ])
})

test('no file costs more than the cap of what is shown', () => {
  expect(planPass([file('a', { bytes: 900_000 })])[0]!.inputTokens).toBeLessThan(7000)
})

test('tests, docs and configuration are not planned, and history and imports are read', async () => {
  const { root, pass, store } = await openLab({
    'src/a.ts': "import { b } from './b.ts'\nexport const a = b\n",
    'src/b.ts': 'export const b = 1\n',
    'test/a.test.ts': "import { a } from '../src/a.ts'\nexport const t = a\n",
    'docs/example.ts': 'export const example = 1\n',
    'config.json': '{}\n',
  })
  write(root, 'src/b.ts', 'export const b = 2\n')
  sh(root, 'commit', '-q', '-am', 'second')
  await pass(null)
  const files = readPlanFiles(store, store.facts.worktrees()[0]!.id, 'noter')
  expect(files.map(({ path, importers, state }) => ({ path, importers, state }))).toEqual([
    { path: 'src/a.ts', importers: 1, state: 'none' },
    { path: 'src/b.ts', importers: 1, state: 'none' },
  ])
  expect(files[1]!.churn).toBeGreaterThan(files[0]!.churn)
})
