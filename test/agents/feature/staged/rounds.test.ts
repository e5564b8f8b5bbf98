import { beforeEach, expect, test } from 'vitest'
import { complete } from '../../../../agents/feature/staged/complete.ts'
import { edit } from '../../../../agents/feature/staged/edit.ts'
import { fix } from '../../../../agents/feature/staged/fix.ts'
import { look } from '../../../../agents/feature/staged/look.ts'
import { repair } from '../../../../agents/feature/staged/repair.ts'
import { runStaged } from '../../../../agents/feature/staged/run-staged.ts'
import { newState, type StagedOptions, type StagedState } from '../../../../agents/feature/staged/state.ts'
import { openWorkspace } from '../../../../agents/feature/workspace.ts'
import { editPermission } from '../../../../src/edit/permission.ts'
import type { LoopReply } from '../../../../src/loop/run-agent.ts'
import type { CheckResult } from '../../../../src/types.ts'
import { read, scratchRepo } from '../../../repo/scratch-repo.ts'

const PRICE = { kind: 'open', path: 'src/price.ts' } as const
const VAT = { kind: 'open', path: 'src/vat.ts' } as const

let root: string
let state: StagedState
let prompts: { purpose: string; text: string }[]
let noted: string[]
beforeEach(() => {
  root = scratchRepo({
    'src/price.ts': 'export const price = 1\n\nexport function round(n: number) {\n  return n\n}\n',
    'src/vat.ts': 'export const vat = 20\n',
    '.npmrc': 'a=1\n',
  })
  state = newState()
  state.wanted = [PRICE]
  prompts = []
  noted = []
})

const USAGE = { calls: 1, inputTokens: 1, cachedTokens: 0, outputTokens: 1, usd: null }

function given(replies: readonly (string | Partial<LoopReply>)[], more: Partial<StagedOptions> = {}): StagedOptions {
  const left = [...replies]
  const first = { text: '1 src/price.ts\n2 src/vat.ts', listed: ['src/price.ts', 'src/vat.ts'], sure: [] }
  return {
    request: 'Raise the price',
    list: {
      ...first,
      ...{ rarity: new Map(), noteOf: () => null, isGenerated: () => false, namesLike: () => [] },
    } as unknown as StagedOptions['list'],
    workspace: openWorkspace(root),
    async ask(purpose, messages) {
      prompts.push({ purpose, text: messages.map(({ content }) => content).join('\n') })
      const reply = left.shift() ?? { stop: 'failed', message: 'no reply left' }
      const said = typeof reply === 'string' ? { content: reply } : reply
      return { stop: 'done', content: '', toolCalls: [], usage: USAGE, ...said }
    },
    stepsLeft: () => 9,
    check: async () => [],
    doubted: new Set(),
    usuallyToo: () => [],
    relevantOutput: (output) => output,
    note: (event) => noted.push(event),
    ...more,
  }
}

const replace = (path: string, find: string, text: string) =>
  `@@ replace ${path}\n<<<<<<< find\n${find}\n======= replace\n${text}\n>>>>>>> end\n`
const RAISE = replace('src/price.ts', 'price = 1', 'price = 2')
const LOWER = replace('src/vat.ts', 'vat = 20', 'vat = 5')
const check = (status: CheckResult['status'], more: Partial<CheckResult> = {}): CheckResult => ({
  ...{ check: 'npm test', status, output: 'it says so', ms: 1 },
  ...more,
})

test('look: files that are as good as known are shown at once, with the list, and cost no call', async () => {
  const options = given([RAISE])
  const sure = { ...options.list, sure: ['src/vat.ts'] }
  expect(await look(state, { ...options, list: sure })).toBe('edit')
  expect(prompts).toEqual([])
  expect(state).toMatchObject({ wanted: [VAT], looked: [VAT], opens: 0 })
  expect(state.pack).toMatch(/^Files, the first numbers the likeliest to change: .*\n1 src\/price\.ts\n2 src\/vat\.ts$/)
})

test('look: the first call shows the list under its own purpose, and counts as a round', async () => {
  await look(state, given(['open 1, 2']))
  expect(prompts).toEqual([{ purpose: 'open', text: expect.stringContaining('1 src/price.ts\n2 src/vat.ts') }])
  expect(prompts[0]!.text).toContain('Raise the price')
  expect(state).toMatchObject({ wanted: [PRICE, VAT], looked: [PRICE, VAT], opens: 1, pack: '' })
})

test('edit: the list of files is shown once, the files are shown as they are, and the news of the last call too', async () => {
  Object.assign(state, { pack: 'THE LIST', news: 'THE NEWS', purpose: 'add' })
  const options = given([RAISE, 'complete'])
  await edit(state, options)
  await edit(state, options)
  expect(prompts.map(({ purpose }) => purpose)).toEqual(['add', 'add'])
  expect(prompts[0]!.text).toContain('THE LIST')
  expect(prompts[0]!.text).toContain('<so-far>\nTHE NEWS')
  expect(prompts[0]!.text).toContain('export const price = 1')
  expect(prompts[1]!.text).not.toContain('THE LIST')
  expect(prompts[1]!.text).toContain('export const price = 2')
  expect(noted).toEqual(['shown', 'applied', 'shown'])
})

test('edit: it may ask for more in four rounds, and not with its last call', async () => {
  const asked = async (opens: number, left: number) => {
    Object.assign(state, newState(), { wanted: [PRICE], opens })
    const next = await edit(state, given(['open src/vat.ts'], { stepsLeft: () => left }))
    return { next, wants: state.wanted, opens: state.opens }
  }
  expect(await asked(3, 2)).toEqual({ next: 'edit', wants: [VAT], opens: 4 })
  const says = prompts.map(({ text }) => text.length)
  expect((await asked(4, 2)).opens).toBe(4)
  expect((await asked(3, 1)).opens).toBe(3)
  expect(prompts[1]!.text.length).toBeLessThan(says[0]!)
  expect(state.news).toMatch(/^Your reply held no edit in the form asked for\. .*@@ nothing-to-change/)
})

test('edit: what is asked for with edits is shown by the next call, which knows what was applied', async () => {
  expect(await edit(state, given([`${RAISE}open src/vat.ts`]))).toBe('edit')
  expect(state).toMatchObject({ purpose: 'add', wanted: [VAT], opens: 1, isChecked: false })
  expect(state.news).toContain('+ price = 2')
  expect(state.applied).toHaveLength(1)
})

test.each([
  [
    { stop: 'aborted', message: 'stopped' },
    { stop: 'interrupted', reason: 'stopped' },
  ],
  [
    { stop: 'failed', message: 'down', fix: 'wait' },
    { stop: 'model-failed', reason: 'down', fix: 'wait' },
  ],
  [
    { stop: 'failed', ends: 'out-of-turns', message: 'no more' },
    { stop: 'out-of-turns', reason: 'no more' },
  ],
  [
    { stop: 'length', content: RAISE },
    {
      stop: 'model-failed',
      reason: 'the reply was cut off by the output limit of the model',
      fix: expect.stringContaining('at greater length'),
    },
  ],
] as const)('edit: a reply %o ends the run, and nothing of it is applied', async (reply, end) => {
  expect(await edit(state, given([reply]))).toMatchObject(end)
  expect(read(root, 'src/price.ts')).toContain('price = 1')
})

test('edit: notes are kept, and what the model lacks ends the run', async () => {
  expect(await edit(state, given([`${RAISE}@@ note the vat stays\n`]))).toBe('fix')
  expect(state.notes).toEqual(['the vat stays'])
  expect(await edit(state, given(['@@ not-enough which price?']))).toMatchObject({
    ...{ stop: 'out-of-turns', reason: 'the model needs more: which price?', notes: ['the vat stays'] },
    fix: 'say it in the request, and ask again',
  })
})

const THERE = '@@ nothing-to-change src/price.ts rounds since v2'

test('edit: a reply that nothing is to be changed ends the run with its reason, also in place of refused edits', async () => {
  expect(await edit(state, given([THERE]))).toMatchObject({
    ...{ stop: 'nothing-to-change', reason: 'src/price.ts rounds since v2' },
    fix: 'if it is not there, say what should be different afterwards',
  })
  const options = given([replace('src/price.ts', 'no such text', 'x'), THERE])
  expect([await edit(state, options), await repair(state, options)]).toEqual(['repair', 'edit'])
  expect(await edit(state, options)).toMatchObject({ stop: 'nothing-to-change' })
  state.refused = null
  Object.assign(state, { purpose: 'add', applied: [{ kind: 'delete', path: 'src/vat.ts' }] })
  expect(await edit(state, given([THERE]))).toBe('fix') // edits were made: no further one is needed
})

test('edit: what notes alone mean is asked once, by a call that shows no code', async () => {
  const note = '@@ note it </reply> is there'
  expect(await edit(state, given([note, THERE]))).toMatchObject({
    ...{ stop: 'nothing-to-change', reason: 'src/price.ts rounds since v2', notes: ['it </reply> is there'] },
  })
  expect(prompts.map(({ purpose }) => purpose)).toEqual(['edit', 'no-edit'])
  expect(prompts[1]!.text).toContain('<request>\nRaise the price\n</request>')
  expect(prompts[1]!.text).toContain('<reply>\nit <\\/reply> is there\n</reply>')
  expect(prompts[1]!.text).not.toContain('export const price')

  Object.assign(state, newState(), { wanted: [PRICE] })
  const options = given([note, 'edits', note, RAISE])
  expect([await edit(state, options), await edit(state, options), await edit(state, options)]).toEqual([
    'edit',
    'edit',
    'fix',
  ])
  expect(prompts.slice(2).map(({ purpose }) => purpose)).toEqual(['edit', 'no-edit', 'edit', 'edit'])
})

test('edit: three replies in a row without an edit end the run; one that asks for a file begins again', async () => {
  const idle = 'I would rather explain it.'
  const options = given([idle, idle, 'open src/vat.ts', idle, idle, idle])
  const nexts = []
  for (let i = 0; i < 6; i++) nexts.push(await edit(state, options))
  expect(nexts.slice(0, 5)).toEqual(Array(5).fill('edit'))
  expect(nexts[5]).toMatchObject({ stop: 'out-of-turns', reason: expect.stringContaining('3 replies in a row') })
})

test('edit: where edits may follow or not, a reply without any leads on to the checks', async () => {
  state.purpose = 'add'
  expect(await edit(state, given(['complete']))).toBe('fix')
  expect(state.applied).toEqual([])
})

test('edit: a model that mends nothing where a check failed ends the run with that check', async () => {
  Object.assign(state, { purpose: 'fix', checks: [check('failed')] })
  expect(await edit(state, given(['complete']))).toMatchObject({
    ...{ stop: 'checks-failed', reason: '"npm test" fails', checks: [check('failed')] },
    fix: expect.stringContaining('see in the transcript'),
  })
})

test('edit: of a refused reply the sound edits are kept, and only the faulty ones are sent again', async () => {
  state.wanted = [PRICE, VAT]
  const options = given([replace('src/price.ts', 'no such text', 'x') + LOWER, RAISE])
  expect(await edit(state, options)).toBe('repair')
  expect(read(root, 'src/vat.ts')).toContain('vat = 20')
  expect(await repair(state, options)).toBe('edit')
  expect(state.purpose).toBe('repair')
  expect(state.wanted).toEqual([PRICE]) // the file at fault alone
  expect(await edit(state, options)).toBe('fix')
  expect([read(root, 'src/price.ts'), read(root, 'src/vat.ts')].join()).toMatch(/price = 2[\s\S]*vat = 5/)
  expect(state).toMatchObject({ refused: null, isChecked: false })
  expect(noted).toEqual(['shown', 'refused', 'shown', 'applied'])
})

test('edit: of a refused reply what is at fault may be left out', async () => {
  state.wanted = [PRICE, VAT]
  const options = given([replace('src/price.ts', 'no such text', 'x') + LOWER, 'complete'])
  await edit(state, options)
  await repair(state, options)
  expect(await edit(state, options)).toBe('fix')
  expect(read(root, 'src/vat.ts')).toContain('vat = 5')
  expect(read(root, 'src/price.ts')).toContain('price = 1')
})

test('edit: a note in place of refused edits leaves them out only where all are protected', async () => {
  const after = async (reply: string) => {
    Object.assign(state, newState(), { wanted: [PRICE, { kind: 'open', path: '.npmrc' }] })
    const options = given([reply, '@@ note it stays\n'])
    await edit(state, options)
    await repair(state, options)
    return edit(state, options)
  }
  expect(await after(replace('.npmrc', 'a=1', 'a=2'))).toBe('fix')
  expect(await after(replace('src/price.ts', 'no such text', 'x'))).toBe('edit')
})

test('edit: syntax that is sent again unchanged is applied, and its file is doubted', async () => {
  const odd = replace('src/price.ts', 'price = 1', 'price = = 1')
  const options = given([odd, odd])
  expect(await edit(state, options)).toBe('repair')
  expect(state.faulty!.refused.problems[0]).toMatchObject({ path: 'src/price.ts', isSyntax: true })
  await repair(state, options)
  expect(state.wanted).toEqual([]) // the lines around the error are quoted
  expect(state.news).toContain('newer than this parser')
  expect(await edit(state, options)).toBe('fix')
  expect(read(root, 'src/price.ts')).toContain('price = = 1')
  expect([...options.doubted]).toEqual(['src/price.ts'])
})

test('edit: another faulty syntax in its place is refused again', async () => {
  const options = given([
    replace('src/price.ts', 'price = 1', 'price = = 1'),
    replace('src/price.ts', 'price = 1', '= ='),
  ])
  await edit(state, options)
  await repair(state, options)
  expect(await edit(state, options)).toBe('repair')
  await repair(state, options)
  expect(state.wanted).toEqual([PRICE])
  expect([...options.doubted]).toEqual([])
})

test('what was shown is reported once each, in order, as looks and in words', async () => {
  state.wanted = [
    { ...PRICE, symbol: 'round' },
    { ...PRICE, lines: { first: 1, last: 2 } },
    { kind: 'search', pattern: 'vat', places: [{ path: 'src' }] },
    { ...PRICE, symbol: 'round' },
  ]
  const looks = state.wanted.slice(0, 3)
  const options = given(['open src/price.ts#round\nopen src/vat.ts', { stop: 'aborted' }])
  await edit(state, options)
  expect(await edit(state, options)).toMatchObject({
    opened: ['src/price.ts#round', 'src/price.ts:1-2', 'search vat in src', 'src/vat.ts'],
    looked: [...looks, VAT],
  })
})

test('repair: where nothing but protected paths is at fault, the end says how to allow them', async () => {
  const workspace = openWorkspace(root, undefined, { permission: editPermission({ request: 'x', allowed: [] }) })
  state.wanted = [{ kind: 'open', path: '.npmrc' }]
  const options = given(Array(4).fill(replace('.npmrc', 'a=1', 'a=2')), { workspace })
  for (let round = 0; round < 3; round++) {
    await edit(state, options)
    expect(await repair(state, options)).toBe('edit')
  }
  await edit(state, options)
  expect(await repair(state, options)).toMatchObject({
    ...{ stop: 'out-of-turns', reason: expect.stringMatching(/^edits were refused: /) },
    fix: 'if that is wanted, name it in the request, or allow it: --allow .npmrc',
  })
})

test('repair: after checks that failed, edits that stay faulty end the run with the checks', async () => {
  state.checks = [check('failed')]
  const options = given(Array(4).fill(replace('src/price.ts', 'no such text', 'x')))
  for (let round = 0; round < 3; round++) {
    await edit(state, options)
    await repair(state, options)
  }
  await edit(state, options)
  expect(await repair(state, options)).toMatchObject({
    stop: 'checks-failed',
    fix: expect.stringMatching(/^run it again, or name a stronger/),
  })
})

test('repair: what cannot be read goes back with the reason, and what was asked for is shown', async () => {
  const options = given([`${RAISE}@@ replace src/vat.ts\nno marks here\nopen src/vat.ts\n`])
  expect(await edit(state, options)).toBe('repair')
  expect(await repair(state, options)).toBe('edit')
  expect(state.news).toContain('this could not be read')
  expect(state.news).toContain('The other 1 edits of it are kept')
  expect(read(root, 'src/price.ts')).toContain('price = 1')
})

test.each([
  ['interrupted', check('interrupted'), { stop: 'interrupted' }],
  [
    'refused',
    check('refused', { output: 'nobody confirmed' }),
    { stop: 'checks-failed', reason: 'nobody confirmed', fix: expect.stringContaining('give checks a cage') },
  ],
  [
    'of syntax',
    check('failed', { check: 'syntax', output: 'the parser does not understand it' }),
    { stop: 'checks-failed', reason: 'the parser does not understand it', fix: expect.stringContaining('--check') },
  ],
] as const)('fix: a check that is %s ends the run', async (_, result, end) => {
  expect(await fix(state, given([], { check: async () => [result] }))).toMatchObject({ ...end, checks: [result] })
})

test('fix: the call to mend shows what changed as it was opened, the rest of it whole, and what the check says', async () => {
  const part = { ...PRICE, symbol: 'round' }
  state.wanted = [part, { kind: 'open', path: '.npmrc' }]
  state.applied.push(
    { kind: 'replace', path: 'src/price.ts', find: 'a', replacement: 'b' },
    { kind: 'create', path: 'src/new.ts', text: 'x\n' },
    { kind: 'rename', path: 'src/vat.ts', to: 'src/tax.ts' },
  )
  const failing = check('failed', { failedBefore: true })
  expect(await fix(state, given([], { check: async () => [check('passed'), failing] }))).toBe('edit')
  expect(state).toMatchObject({
    purpose: 'fix',
    wanted: [part, { kind: 'open', path: 'src/new.ts' }, { kind: 'open', path: 'src/tax.ts' }],
  })
  expect(state.news).toContain('The check "npm test" fails (it fails without the edits too: ')
  expect(state.news).toContain('it says so')
  state.isChecked = false
  await fix(state, given([], { check: async () => [check('failed')] }))
  expect(state.news).toContain('The check "npm test" fails:\n')
})

test('complete: with one call left nothing is offered, nor a second time', async () => {
  const usuallyToo = () => [{ path: 'CHANGELOG.md', why: 'changed in 9 of 10' }]
  expect(await complete(state, given([], { usuallyToo, stepsLeft: () => 1 }))).toMatchObject({ stop: 'done' })
  expect(prompts).toEqual([])
  expect(await complete(state, given(['nothing'], { usuallyToo, stepsLeft: () => 2 }))).toMatchObject({ stop: 'done' })
  expect(prompts.map(({ purpose }) => purpose)).toEqual(['complete'])
  expect(await complete(state, given(['open CHANGELOG.md'], { usuallyToo }))).toMatchObject({ stop: 'done' })
  expect(prompts).toHaveLength(1)
})

test('complete: a call that fails, or was the last, ends the run as done', async () => {
  const usuallyToo = () => [{ path: 'src/vat.ts', why: 'changed in 9 of 10' }]
  const failed = { stop: 'failed', content: 'open src/vat.ts' } as const
  expect(await complete(state, given([failed], { usuallyToo }))).toMatchObject({ stop: 'done' })
  state = newState()
  const last = given(['open src/vat.ts'], { usuallyToo, stepsLeft: () => (prompts.length === 0 ? 2 : 0) })
  prompts = []
  expect(await complete(state, last)).toMatchObject({ stop: 'done' })
})

test('complete: the files that changed are named, and those created asked for by their new name', async () => {
  let asked: unknown[] = []
  state.applied.push(
    { kind: 'replace', path: 'src/price.ts', find: 'a', replacement: 'b' },
    { kind: 'rename', path: 'src/old.ts', to: 'src/new.ts' },
  )
  const options = given(['open 2'], {
    usuallyToo: (...paths) => {
      asked = paths
      return [{ path: 'src/vat.ts', why: 'changed in 9 of 10' }]
    },
  })
  expect(await complete(state, options)).toBe('edit')
  expect(asked).toEqual([['src/price.ts', 'src/new.ts'], ['src/new.ts']])
  expect(prompts[0]!.text).toContain('src/vat.ts (changed in 9 of 10)')
  expect(prompts[0]!.text).toContain('src/price.ts\nsrc/new.ts')
  expect(state).toMatchObject({ purpose: 'add', wanted: [VAT], isOffered: true })
})

test('a whole run: open, edit, a check that fails, its mending, and what is usually changed too', async () => {
  const results = [[check('failed')], [check('passed')]]
  let runs = 0
  const options = given(['open 1', RAISE, replace('src/price.ts', 'price = 2', 'price = 3'), 'complete'], {
    check: async () => results[runs++]!,
    usuallyToo: () => [{ path: 'src/vat.ts', why: 'changed in 9 of 10' }],
  })
  state = newState()
  expect(await runStaged(options)).toMatchObject({
    ...{ stop: 'done', checks: [check('passed')], opened: ['src/price.ts'], looked: [PRICE] },
  })
  expect(prompts.map(({ purpose }) => purpose)).toEqual(['open', 'edit', 'fix', 'complete'])
  expect(read(root, 'src/price.ts')).toContain('price = 3')
  expect(runs).toBe(2)
})
