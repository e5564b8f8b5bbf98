import { beforeEach, expect, test } from 'vitest'
import { complete } from '../../../../agents/feature/staged/complete.ts'
import { edit } from '../../../../agents/feature/staged/edit.ts'
import { fix } from '../../../../agents/feature/staged/fix.ts'
import { look } from '../../../../agents/feature/staged/look.ts'
import { repair } from '../../../../agents/feature/staged/repair.ts'
import { newState, type StagedOptions, type StagedState } from '../../../../agents/feature/staged/state.ts'
import { openWorkspace } from '../../../../agents/feature/workspace.ts'
import type { CheckResult } from '../../../../src/types.ts'
import { read, scratchRepo } from '../../../repo/scratch-repo.ts'

let root: string
let state: StagedState
let prompts: { purpose: string; text: string }[]
beforeEach(() => {
  root = scratchRepo({ 'src/price.ts': 'export const price = 1\n', 'src/vat.ts': 'export const vat = 20\n' })
  state = newState()
  prompts = []
})

/** What a step is given: a model that replies with these texts, and checks that end so. */
function given(replies: readonly string[], results: readonly CheckResult[] = [], more: Partial<StagedOptions> = {}) {
  const left = [...replies]
  const first = { text: '1 src/price.ts\n2 src/vat.ts', listed: ['src/price.ts', 'src/vat.ts'], sure: [] }
  const options: StagedOptions = {
    request: 'Raise the price',
    list: {
      ...first,
      ...{ rarity: new Map(), noteOf: () => null, isGenerated: () => false, namesLike: () => [] },
    } as unknown as StagedOptions['list'],
    workspace: openWorkspace(root),
    async ask(purpose, messages) {
      prompts.push({ purpose, text: messages.map(({ content }) => content).join('\n') })
      const content = left.shift()
      const usage = { calls: 1, inputTokens: 1, cachedTokens: 0, outputTokens: 1, usd: null }
      if (content === undefined) return { stop: 'failed', message: 'no model', content: '', toolCalls: [], usage }
      return { stop: 'done', content, toolCalls: [], usage }
    },
    stepsLeft: () => 9,
    check: async () => results,
    doubted: new Set(),
    usuallyToo: () => [],
    relevantOutput: (output) => output,
    note: () => {},
    ...more,
  }
  return options
}

const replace = (path: string, find: string, text: string) =>
  `@@ replace ${path}\n<<<<<<< find\n${find}\n======= replace\n${text}\n>>>>>>> end\n`
const failed = (output: string): CheckResult => ({ check: 'npm test', status: 'failed', output, ms: 1 })

test('look: what the model names is shown next; where it names nothing, the first three', async () => {
  expect(await look(state, given(['open 2']))).toBe('edit')
  expect(state.wanted).toEqual([{ kind: 'open', path: 'src/vat.ts' }])
  state = newState()
  await look(state, given(['@@ note nothing']))
  expect(state.wanted.map((one) => one.kind === 'open' && one.path)).toEqual(['src/price.ts', 'src/vat.ts'])
})

test('look: a model that fails, or says what it lacks, ends the run', async () => {
  expect(await look(state, given([]))).toMatchObject({ stop: 'model-failed', reason: 'no model' })
  expect(await look(state, given(['@@ not-enough the rates']))).toMatchObject({ stop: 'out-of-turns' })
})

test('edit: edits of files that were shown are applied, and the checks come next', async () => {
  state.wanted = [{ kind: 'open', path: 'src/price.ts' }]
  expect(await edit(state, given([replace('src/price.ts', 'price = 1', 'price = 2')]))).toBe('fix')
  expect(read(root, 'src/price.ts')).toBe('export const price = 2\n')
  expect(state.applied).toHaveLength(1)
})

test('edit: an edit of a file that was not shown goes to repair, and nothing is applied', async () => {
  state.wanted = [{ kind: 'open', path: 'src/price.ts' }]
  const both = replace('src/price.ts', 'price = 1', 'price = 2') + replace('src/vat.ts', 'vat = 20', 'vat = 5')
  expect(await edit(state, given([both]))).toBe('repair')
  expect(read(root, 'src/price.ts')).toBe('export const price = 1\n')
  expect(state.faulty!.refused.problems.map(({ path }) => path)).toEqual(['src/vat.ts'])
})

test('edit: what a reply asks to see is shown by the next call, in place of the checks', async () => {
  state.wanted = [{ kind: 'open', path: 'src/price.ts' }]
  const reply = `${replace('src/price.ts', 'price = 1', 'price = 2')}open src/vat.ts\n`
  expect(await edit(state, given([reply]))).toBe('edit')
  expect(state).toMatchObject({ purpose: 'add', wanted: [{ kind: 'open', path: 'src/vat.ts' }], opens: 1 })
})

test('edit: replies without an edit end the run after some', async () => {
  const options = given(Array(9).fill('I would rather explain it.'))
  state.wanted = [{ kind: 'open', path: 'src/price.ts' }]
  const ends = []
  for (let i = 0; i < 9 && ends.length === 0; i++) {
    const next = await edit(state, options)
    if (typeof next !== 'string') ends.push(next.stop)
  }
  expect(ends).toEqual(['out-of-turns'])
})

test('repair: only what is at fault goes back, three times at most', async () => {
  state.wanted = [{ kind: 'open', path: 'src/price.ts' }]
  const options = given(Array(9).fill(replace('src/price.ts', 'no such text', 'x')))
  for (let round = 0; round < 3; round++) {
    expect(await edit(state, options)).toBe('repair')
    expect(await repair(state, options)).toBe('edit')
    expect(state.news).toContain('no such text')
  }
  await edit(state, options)
  expect(await repair(state, options)).toMatchObject({ stop: 'out-of-turns', reason: expect.stringMatching(/refused/) })
})

test('fix: a failed check goes back with what it says, twice at most; checks that pass lead on', async () => {
  const options = given([], [failed('expected 2')])
  for (let round = 0; round < 2; round++) {
    expect(await fix(state, options)).toBe('edit')
    expect(state.news).toContain('expected 2')
    state.isChecked = false
  }
  expect(await fix(state, options)).toMatchObject({ stop: 'checks-failed', reason: '"npm test" fails' })
  const passed: CheckResult = { check: 'npm test', status: 'passed', output: '', ms: 1 }
  expect(await fix(newState(), given([], [passed]))).toBe('complete')
})

test('fix: checks that ran on these files do not run again', async () => {
  let runs = 0
  const options = given([], [], {
    check: async () => {
      runs++
      return []
    },
  })
  await fix(state, options)
  await fix(state, options)
  expect(runs).toBe(1)
})

test('complete: what is usually changed too is offered once, and not what was seen', async () => {
  const companion = { path: 'CHANGELOG.md', why: 'changed in 9 of 10' }
  const usuallyToo = () => [companion, { path: 'src/vat.ts', why: 'seen' }]
  state.seen.add('src/vat.ts')
  const options = given(['open CHANGELOG.md'], [], { usuallyToo })
  expect(await complete(state, options)).toBe('edit')
  expect(prompts[0]!.text).toContain('CHANGELOG.md')
  expect(prompts[0]!.text).not.toContain('src/vat.ts (seen)')
  expect(await complete(state, options)).toMatchObject({ stop: 'done' })
})
