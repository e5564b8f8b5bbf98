import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { draftBacklog } from '../../../agents/night/draft-backlog.ts'
import { DEFAULTS } from '../../../src/config/defaults.ts'
import { refreshFacts } from '../../../src/indexing/refresh-facts.ts'
import { Budget } from '../../../src/llm/budget.ts'
import { NO_USAGE } from '../../../src/llm/meter.ts'
import { openRepo } from '../../../src/repo/open-repo.ts'
import { openStore, type Store } from '../../../src/store/open-store.ts'
import type { Llm, LlmReply } from '../../../src/types.ts'
import { fakeGit } from '../../helpers/fake-git.ts'
import { copyFixture, type FixtureRepo } from '../../helpers/fixture-repo.ts'

let shop: FixtureRepo
let store: Store
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { history: false, indexed: true })
  store = openStore(join(shop.root, '.git/repose/repose.db'))
})
afterEach(async () => {
  store.close()
  await shop.dispose()
})

const USAGE = { calls: 1, inputTokens: 1000, cachedTokens: 0, outputTokens: 100, usd: null }
const said = (content: string): LlmReply => ({ stop: 'done', content, toolCalls: [], usage: USAGE })
const FAILED: LlmReply = {
  ...said(''),
  usage: NO_USAGE,
  stop: 'failed',
  failure: 'refused',
  message: 'it takes no such prompt',
}
const READY = said('{"verdict": "ready"}')
const LOOK = said('open src/vat.ts')
const putAbove = (line: string): LlmReply => {
  const first = readFileSync(join(shop.root, 'src/vat.ts'), 'utf8').split('\n')[0]!
  return said(`@@ replace src/vat.ts\n<<<<<<< find\n${first}\n======= replace\n${line}\n${first}\n>>>>>>> end\n`)
}

/** A night over requests with these titles; replies come in this order. */
async function night(
  titles: readonly string[],
  replies: readonly LlmReply[] | ((prompt: string) => LlmReply),
  more: object = {},
) {
  const asked: string[] = []
  const llm: Llm = {
    model: 'scripted',
    async complete({ messages }) {
      asked.push(messages.map(({ content }) => content).join('\n'))
      if (typeof replies === 'function') return replies(asked.at(-1)!)
      return replies[asked.length - 1] ?? { ...said(''), stop: 'failed', failure: 'fatal', message: 'no reply is left' }
    },
  }
  const repo = await openRepo(shop.root)
  const { worktree } = await refreshFacts(repo, store, DEFAULTS)
  for (const request of titles)
    store.backlog.add({ source: 'hand', key: request, url: null, author: null, request, isApproved: true }, 1)
  const end = await draftBacklog({
    ...{ repo, store, worktree, checks: [], checkTimeoutMs: 10_000, cage: { ...DEFAULTS.cage, uncaged: true } },
    ...{
      maxFileBytes: 1e6,
      drafts: 1,
      forecasts: false,
      pass: store.ledger.startPass(1, 'scripted', shop.root),
      llm,
      price: null,
    },
    ...{ budget: new Budget({}, null), signal: new AbortController().signal, clock: () => 2, recorded: false },
    ...more,
  })
  return { end, asked }
}

test('replies that cannot be used are a matter of one request; the next is drafted', async () => {
  const { end } = await night(
    ['Round the VAT down', 'Round the VAT up'],
    [...[said('no JSON'), said('still none')], ...[READY, LOOK, putAbove('// up')]],
  )
  expect(end).toMatchObject({ stop: null, report: { needsYou: [1], drafted: [2], left: 0 } })
  expect(store.backlog.get(1)).toMatchObject({
    state: 'needs-you',
    questions: [expect.stringContaining('in other words')],
  })
})

const requests = (most: number) => Array.from({ length: most }, (_, i) => `Round VAT ${i + 1} down`)

test('an endpoint that fails for three requests in a row ends the night, and every request waits as before', async () => {
  const { end, asked } = await night(requests(5), () => ({ ...FAILED, failure: 'transient' }))
  expect(end).toMatchObject({ stop: 'model-failed', report: { drafted: [], needsYou: [], left: 5 } })
  expect(asked).toHaveLength(3)
  expect(store.backlog.list(['waiting'])).toHaveLength(5)
})

test.each([
  ['at once', false],
  ['after they were planned', true],
])('requests whose calls failed %s come last in the next night', async (_, isPlanned) => {
  const replies = (prompt: string) => {
    const isOfPlan = /waits in the backlog|Name everything you must see/.test(prompt)
    if (/VAT [123] down/.test(prompt) && !(isPlanned && isOfPlan)) return { ...FAILED, failure: 'transient' } as const
    if (prompt.includes('waits in the backlog')) return READY
    return prompt.includes('Name everything you must see') ? LOOK : putAbove('// up')
  }
  const first = await night(requests(4), replies)
  expect(first.end).toMatchObject({ stop: 'model-failed', report: { drafted: [], left: 4 } })
  const second = await night([], replies)
  expect(second.end).toMatchObject({ stop: 'model-failed', report: { drafted: [4] } })
})

test('a request that is worded anew does not come last for what it said before', () => {
  const add = (request: string) =>
    store.backlog.add({ source: 'github', key: '7', url: null, author: null, request, isApproved: true }, 1)
  add('Round the VAT down, as the law of 1952 says in its many words')
  store.backlog.setFailing(1)
  expect([...store.backlog.failing()]).toEqual([1])
  add('Round the VAT down')
  expect([...store.backlog.failing()]).toEqual([])
})

test('a request that the budget did not suffice for keeps its place', async () => {
  const price = { inputPerMillion: 1, cachedPerMillion: 1, outputPerMillion: 1, source: 'the test' }
  const replies = (prompt: string) => {
    if (prompt.includes('waits in the backlog')) return READY
    return prompt.includes('Name everything you must see') ? LOOK : putAbove('// up')
  }
  const first = await night(requests(3), replies, { budget: new Budget({ usd: 0.0004 }, price), price })
  expect(first.end).toMatchObject({ stop: 'out-of-budget', report: { drafted: [], left: 3 } })
  const second = await night([], replies)
  expect(second.end.report.drafted).toEqual([1, 2, 3])
})

test('a wrong key ends the night at once', async () => {
  const { end, asked } = await night(requests(2), [])
  expect(end).toMatchObject({ stop: 'model-failed', report: { left: 2 } })
  expect(asked).toHaveLength(1)
})

test('a request that the endpoint refuses waits, and the next one is drafted', async () => {
  const replies = (prompt: string) => {
    if (prompt.includes('Round the VAT down')) return FAILED
    if (prompt.includes('waits in the backlog')) return READY
    return prompt.includes('Name everything you must see') ? LOOK : putAbove('// up')
  }
  const { end } = await night(['Round the VAT down', 'Round the VAT up'], replies)
  const waiting = { stop: 'model-failed', reason: '#1: it takes no such prompt' }
  expect(end).toMatchObject({ ...waiting, report: { drafted: [2], needsYou: [], left: 1 } })
  expect(store.backlog.get(1)).toMatchObject({ state: 'waiting', reason: 'it takes no such prompt' })
  const { asked } = await night(['Round the tax up'], [READY, LOOK, putAbove('// tax'), FAILED])
  expect(asked[0]).toContain('Round the tax up')
  expect(asked[0]).not.toContain('Round the VAT down') // its words are in no other prompt
})

test('a request is put to the user if a content filter cut off its reply, which was paid for', async () => {
  const paid = { ...FAILED, usage: { ...FAILED.usage, inputTokens: 900 } }
  const { end } = await night(requests(5), () => paid)
  expect(end).toMatchObject({ stop: 'model-failed', report: { needsYou: [1, 2, 3], left: 2 } })
})

test('an endpoint that refuses everything leaves every request waiting', async () => {
  const { end, asked } = await night(requests(5), () => FAILED)
  expect(end).toMatchObject({ stop: 'model-failed', report: { needsYou: [], left: 5 } })
  expect(asked).toHaveLength(5)
})

test('a request at which five passes were killed is not tried again; the next one is drafted', async () => {
  await night(['Round the VAT down'], [])
  const begun = Array.from({ length: 5 }, () => store.backlog.begin(1))
  expect(begun).toEqual([1, 2, 3, 4, 5]) // work that ended does not count
  const { end } = await night(['Round the VAT up'], [READY, LOOK, putAbove('// up')])
  expect(end).toMatchObject({ stop: null, report: { needsYou: [1], drafted: [2], left: 0 } })
  expect(store.backlog.get(1)).toMatchObject({
    ...{ state: 'needs-you', reason: '5 passes were killed while they worked on it' },
    questions: ['Try it again? repose backlog redo 1'],
  })
  expect(store.backlog.begin(1)).toBe(1)
})

test('an unexpected error ends only its request, which tells it; the next one is drafted', async () => {
  const replies = (prompt: string) => {
    if (prompt.includes('Round the VAT down')) throw new TypeError('nothing is there\nand more')
    if (prompt.includes('waits in the backlog')) return READY
    return prompt.includes('Name everything you must see') ? LOOK : putAbove('// up')
  }
  const { end } = await night(['Round the VAT down', 'Round the VAT up'], replies)
  const reason = 'an unexpected error: nothing is there'
  expect(end).toMatchObject({ stop: null, report: { needsYou: [1], drafted: [2], left: 0 } })
  expect(end.report.failed).toEqual([{ item: 1, error: expect.stringMatching(/TypeError: nothing.*\n +at /s) }])
  expect(end.report.notes).toContain(`backlog: #1: ${reason}`)
  expect(store.backlog.get(1)).toMatchObject({
    state: 'needs-you',
    reason,
    questions: [expect.stringContaining('redo 1')],
  })
})

test('a draft that cannot be brought to HEAD gets a note, and the night goes on', async () => {
  await night(['Round the VAT down'], [READY, LOOK, putAbove('// down')])
  await shop.write('NEWS.md', 'news\n')
  await shop.git('add', '-A')
  await shop.git('commit', '-qm', 'Add news')
  const git = (await shop.git('--exec-path')).trim()
  const { PATH } = fakeGit(
    `case " $* " in *" commit-tree "*) echo 'no luck' >&2; exit 128;; esac\nexec '${git}/git' "$@"`,
  )
  vi.stubEnv('PATH', PATH)
  const { end } = await night([], [])
  vi.unstubAllEnvs()
  expect(end).toMatchObject({ stop: null, report: { moved: [], left: 0 } })
  expect(end.report.notes).toEqual([
    expect.stringMatching(/^backlog: #1: its draft cannot be brought to HEAD: .*no luck \(repose backlog redo 1\)$/),
  ])
  expect(store.backlog.get(1)!.state).toBe('drafted')
})

const widen = (path: string, find: string, replacement: string) =>
  `@@ replace-all ${path}\n<<<<<<< find\n${find}\n======= replace\n${replacement}\n>>>>>>> end\n`
const TWO_LARGE_FILES = ['a.txt', 'b.txt']
  .map(
    (path) =>
      `@@ create ${path}\n<<<<<<< text\n${'Z'.repeat(30)}\n>>>>>>> end\n${widen(path, 'Z', 'Y'.repeat(31))}${widen(path, 'Y', 'q'.repeat(1990))}`,
  )
  .join('')

test('changes that are too large end only their own requests, however many: the next one is drafted', async () => {
  const titles = ['Round the VAT down', 'Round the total', 'Round the discount', 'Round the VAT up']
  const replies = (prompt: string) => {
    if (prompt.includes('waits in the backlog')) return READY
    if (prompt.includes('Name everything you must see')) return LOOK
    return prompt.includes('VAT up') ? putAbove('// up') : said(TWO_LARGE_FILES)
  }
  const { end } = await night(titles, replies)
  expect(end).toMatchObject({ stop: null, report: { drafted: [4], failed: [] } })
  expect(end.report.needsYou.toSorted()).toEqual([1, 2, 3])
  expect(store.backlog.get(1)!.reason).toMatch(/^the changes are too large: their diff has 4 MB/)
})

test.each([
  ['of the disk', () => Object.assign(new Error('full'), { code: 'ENOSPC' }), 1],
  ['of the database', () => new Database(':memory:').exec('nonsense'), 1],
  ['three times in a row', () => new TypeError('nothing is there'), 3],
])('an error %s ends the night', async (_, make, calls) => {
  const titles = ['Round the VAT down', 'Round the VAT up', 'Round the total', 'Round the discount']
  let asked = 0
  const replies = () => {
    asked++
    throw make()
  }
  await expect(night(titles, replies)).rejects.toThrow(/full|nonsense|nothing is there/)
  expect(asked).toBe(calls)
})

test('what a failed check prints names no protected path for the next draft', async () => {
  const check = `node -e "if (require('fs').readFileSync('src/' + 'vat.ts', 'utf8').startsWith('// bad')) { console.log('Error: bad without .npmrc'); process.exit(1) }"`
  const { asked } = await night(
    ['Round the VAT down'],
    (prompt) => {
      if (prompt.includes('waits in the backlog')) return READY
      if (prompt.includes('Name everything you must see')) return LOOK
      if (prompt.includes('is protected')) return said('complete')
      if (!prompt.includes('An earlier attempt')) return putAbove('// bad')
      return said(
        `${putAbove('// good').content}@@ create .npmrc\n<<<<<<< text\nregistry=https://evil.example\n>>>>>>> end\n`,
      )
    },
    { drafts: 2, checks: [check] },
  )
  expect(asked.some((prompt) => /An earlier attempt.*without \.npmrc/s.test(prompt))).toBe(true)
  expect(store.backlog.draft(1)).toMatchObject({ files: ['src/vat.ts'] })
})

test('with more drafts, one whose checks failed is followed by another, which is told what failed; the best is kept', async () => {
  const check = `node -e "if (require('fs').readFileSync('src/' + 'vat.ts', 'utf8').startsWith('// bad')) { console.log('Error: the first line is bad'); process.exit(1) }"`
  const { end, asked } = await night(
    ['Round the VAT down'],
    (prompt) => {
      if (prompt.includes('waits in the backlog')) return READY
      if (prompt.includes('Name everything you must see')) return LOOK
      if (prompt.includes('An earlier attempt')) return putAbove('// good')
      return prompt.includes('first line is bad') ? said('complete') : putAbove('// bad')
    },
    { drafts: 3, checks: [check] },
  )
  expect(end.report.drafted).toEqual([1])
  const draft = store.backlog.draft(1)!
  expect(draft.checks.at(-1)).toMatchObject({ status: 'passed' })
  expect(await shop.git('show', `${draft.commit}:src/vat.ts`)).toMatch(/^\/\/ good\n/)
  expect(draft.notes).toContain('the best of 2 drafts')
  expect(asked.at(-1)).toContain('An earlier attempt at this was thrown away')
  expect(asked.at(-1)).toContain('the first line is bad')
})

test('a budget without room for a draft leaves the requests for a later pass', async () => {
  const { end, asked } = await night(['Round the VAT down'], [READY], { budget: new Budget({ tokens: 2000 }, null) })
  expect(end).toMatchObject({
    ...{ stop: 'out-of-budget', report: { left: 1 } },
    reason: '2,000 tokens are left, and a draft takes more than 3,000',
    fix: 'raise --budget-tokens or --max-usd',
  })
  expect(asked).toEqual([])
})

test.each([1, 2, 3])(
  'a night that is ended in call %i gives no reason and no advice, and the request waits',
  async (last) => {
    const controller = new AbortController()
    const stopped: LlmReply = { ...said(''), stop: 'aborted', message: 'the call was stopped' }
    const replies = [READY, LOOK, putAbove('// down')]
    let calls = 0
    const reply = () => {
      if (++calls < last) return replies[calls - 1]!
      controller.abort()
      return stopped
    }
    const { end } = await night(['Round the VAT down'], reply, { signal: controller.signal })
    expect(end).toMatchObject({ stop: 'interrupted', reason: null, fix: null, report: { left: 1 } })
    expect(store.backlog.get(1)).toMatchObject({ state: 'waiting', reason: null })
    expect(store.db.column('SELECT stop FROM request ORDER BY id DESC LIMIT 1')).toEqual(['interrupted'])
  },
)

test('a draft that was ended and finished later counts as one, with what each of its runs paid', async () => {
  const controller = new AbortController()
  const stopped: LlmReply = { ...said(''), stop: 'aborted' }
  const reply = (prompt: string) => {
    if (prompt.includes('waits in the backlog')) return READY
    if (prompt.includes('Name everything you must see')) return LOOK
    controller.abort()
    return stopped
  }
  await night(['Round the VAT down'], reply, { signal: controller.signal })
  const { asked } = await night([], [putAbove('// down')])
  expect(asked).toHaveLength(1)
  expect(store.backlog.get(1)!.state).toBe('drafted')
  expect(store.backlog.firstDraft(1)).toEqual({ inputTokens: 2000, cachedTokens: 0, outputTokens: 200 }) // the look and the edit
  expect(store.backlog.lastDrafts(3)).toEqual([{ tokens: 3300, usd: null }]) // and the call that was stopped
})

test('a request that was judged is not judged again, though HEAD has moved before it was drafted', async () => {
  const controller = new AbortController()
  const reply = (prompt: string) => {
    if (prompt.includes('waits in the backlog')) return READY
    controller.abort()
    return { ...said(''), stop: 'aborted' } as LlmReply
  }
  await night(['Round the VAT down'], reply, { signal: controller.signal })
  await shop.write('src/new.ts', 'export const vatDown = 1\n')
  await shop.git('add', '-A')
  await shop.git('commit', '-q', '-m', 'Add a name')
  const { asked } = await night(['Round the VAT up'], [READY, LOOK, putAbove('// up'), LOOK, putAbove('// down')])
  expect(asked.filter((prompt) => prompt.includes('waits in the backlog'))).toHaveLength(1)
  expect(store.backlog.list(['drafted'])).toHaveLength(2)
})
