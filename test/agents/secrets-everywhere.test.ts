import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { implementRequest } from '../../agents/feature/agent.ts'
import { answerQuestion } from '../../agents/feature/answer-question.ts'
import { selectFiles } from '../../agents/feature/select-files.ts'
import { runPlainAgent } from '../../agents/plain/agent.ts'
import { runSleepPass } from '../../agents/sleep/agent.ts'
import { openPastFacts } from '../../src/indexing/past-facts.ts'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { type ScriptedLlm, type ScriptedReply, scriptedLlm } from '../../src/llm/scripted-llm.ts'
import { findFiles } from '../../src/pack/find-files.ts'
import { layOutPack } from '../../src/pack/lay-out-pack.ts'
import { openRepo, type Repo } from '../../src/repo/open-repo.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { summaryReader } from '../../src/summary/summary-reader.ts'
import { removeFolder } from '../helpers/platform.ts'
import { sh } from '../repo/scratch-repo.ts'
import { leaksIn, plantedRepo, TELLING } from './planted-secrets.ts'
import { noteOn } from './sleep/note-model.ts'

const SETTINGS = { maxFileBytes: 1e6, maxCommits: 100, processes: 1 }
const REQUEST = `Add a key to the shop\n\nThe key is ${TELLING[4]}, the old one was ${TELLING[5]}.`

let folder: string
let repo: Repo
let store: Store
let worktree: number
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'test-secrets-'))
  repo = await openRepo(plantedRepo())
  store = openStore(join(folder, 'repose.db'))
  worktree = (await refreshFacts(repo, store, SETTINGS)).worktree
})
afterAll(() => {
  store.close()
  removeFolder(folder)
})

const signal = new AbortController().signal
const run = () => ({ repo, store, worktree, signal, budgetTokens: 1e7 })
const call = (name: string, input: object): ScriptedReply => ({
  toolCalls: [{ id: name, name, arguments: JSON.stringify(input) }],
})
const edit = (path: string, find: string, replacement: string) =>
  `@@ replace ${path}\n<<<<<<< find\n${find}\n======= replace\n${replacement}\n>>>>>>> end\n`

/** What a model was sent, and that it was sent something. */
function expectNoLeak(llm: ScriptedLlm, ofWhat: string, calls = 1): void {
  expect(llm.requests.length).toBeGreaterThanOrEqual(calls)
  const sent = JSON.stringify(llm.requests)
  expect(sent).toContain(ofWhat)
  expect(leaksIn(sent)).toEqual([])
  expect(leaksIn(sent.replaceAll('\\n', '\n'))).toEqual([])
}

const LOOKS = [
  'open src/keys.py\nopen docs/keys.md:100-220\nopen config/all.txt\nopen README.md\nopen package.json\nsearch [A-Za-z0-9]{20}\nsearch key_1 in src',
  'open config/all.txt:3-9\nopen config/all.txt:40-90\nopen src/keys.py#key_7\nopen test/keys.test.ts\nopen src/shop.py\nsearch shop- in src/names\nsearch PRIVATE KEY',
]
const NEAR = edit('src/keys.py', '    """Gives the key to a shop."""\n    # it was another', '    return 2')
const PRINT = 'cat news/1.feature.md README.md && exit 1'

test('low effort is sent no secret', async () => {
  const right = edit('src/shop.py', '    return 1', '    return 2')
  const llm = scriptedLlm([LOOKS[0]!, LOOKS[1]!, NEAR, right, 'complete', 'complete', 'complete'])
  const options = { ...run(), llm, effort: 'low' as const, checks: [PRINT], checkTimeoutMs: 5000 }
  await implementRequest(REQUEST, options, async (result) => result)
  expectNoLeak(llm, 'left out]', 4)
})

test('high effort is sent no secret', async () => {
  const llm = scriptedLlm([
    call('look', { lines: LOOKS[0] }),
    call('look', { lines: LOOKS[1] }),
    call('edit', { edits: NEAR }),
    call('edit', { edits: edit('src/shop.py', '    return 1', '    return 2') }),
    call('check', {}),
    call('done', { note: 'done' }),
  ])
  const options = { ...run(), llm, effort: 'high' as const, checks: [PRINT], checkTimeoutMs: 5000 }
  await implementRequest(REQUEST, options, async (result) => result)
  expectNoLeak(llm, 'left out]', 6)
})

test('the plain agent is sent no secret', async () => {
  const llm = scriptedLlm([
    call('list_dir', { path: 'src/names/0' }),
    call('grep', { pattern: '[A-Za-z0-9]{20}' }),
    call('read_file', { path: 'src/keys.py' }),
    call('read_file', { path: 'config/all.txt', start: 3, end: 60 }),
    call('replace', { path: 'src/keys.py', find: '    """Gives the key to a shop."""', replacement: 'x' }),
    call('done', { summary: 'done' }),
  ])
  await runPlainAgent(REQUEST, { ...run(), llm, ledger: store.ledger, steps: 10 })
  expectNoLeak(llm, 'left out]', 6)
})

test('a question is sent without secrets', async () => {
  const llm = scriptedLlm(['the shop', 'the shop'])
  await answerQuestion(`How do the keys of the shop work, such as ${TELLING[6]}?`, { ...run(), llm })
  expectNoLeak(llm, 'open_shop')
})

test('a selection is asked for without secrets', async () => {
  const llm = scriptedLlm(['{"files": [1]}'])
  await selectFiles(readRequest(REQUEST), findFiles(store, worktree, readRequest(REQUEST)), { store, worktree, llm })
  expectNoLeak(llm, 'shop.py')
})

test('a sleep pass is sent no secret, with and without a model', async () => {
  const llm = scriptedLlm(Array<typeof noteOn>(300).fill(noteOn))
  await runSleepPass({ repo, store, worktree, llm, budget: {} })
  await runSleepPass({ repo, store, worktree, llm: null, budget: {} })
  expectNoLeak(llm, 'Its text stands between', 3)
})

test('the pack for a request shows no secret', () => {
  const options = { root: repo.root, worktree, budgetTokens: 30_000, summaryOf: summaryReader(store, worktree) }
  const { text } = layOutPack(readRequest('Add a key to the shop, named as key_3 and key_4'), store, options)
  expect(text).toContain('key_3')
  expect(leaksIn(text)).toEqual([])
})

test('nothing that is kept holds a secret: the database, its log, the past and the transcripts, byte for byte', async () => {
  const past = openPastFacts(repo.root, join(folder, 'repose.db'), SETTINGS)
  const [newest, older] = sh(repo.root, 'rev-list', '--max-count=2', 'HEAD').trim().split('\n') as [string, string]
  await past.at(older)
  await past.mine(newest)
  const open = ['repose.db', 'repose.db-wal', 'repose.db.past', 'repose.db.past-wal'].map((name) => join(folder, name))
  const transcripts = join(repo.commonDir, 'repose', 'transcripts')
  const kept = [...open, ...readdirSync(transcripts).map((name) => join(transcripts, name))].filter((path) =>
    existsSync(path),
  )
  expect(kept.length).toBeGreaterThanOrEqual(6)
  for (const path of kept) {
    const bytes = readFileSync(path)
    expect(leaksIn(bytes.toString('latin1')), path).toEqual([])
  }
  past.close()
  expect(store.ledger.requests(100).some(({ text }) => text.includes('left out]'))).toBe(true)
  expect(store.history.similar(worktree, ['key'], 5).length).toBeGreaterThan(0)
})

test('not even the terms that a secret would be found by are kept', () => {
  const { terms } = store.db.get<{ terms: string }>(
    "SELECT group_concat(terms) AS terms FROM source JOIN file ON file.source = source.id WHERE path IN ('src/keys.py', 'config/all.txt')",
  )!
  const long = TELLING.map((text) => text.toLowerCase()).flatMap((text) => text.match(/[a-z0-9]{14,}/g) ?? [])
  expect(terms.length).toBeGreaterThan(100)
  expect(long.filter((term) => terms.includes(term))).toEqual([])
})
