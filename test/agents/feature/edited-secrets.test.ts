import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { implementRequest } from '../../../agents/feature/agent.ts'
import { runPlainAgent } from '../../../agents/plain/agent.ts'
import { refreshFacts } from '../../../src/indexing/refresh-facts.ts'
import { type ScriptedReply, scriptedLlm } from '../../../src/llm/scripted-llm.ts'
import { openRepo } from '../../../src/repo/open-repo.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { isWindows } from '../../helpers/platform.ts'
import { scratchRepo, sh } from '../../repo/scratch-repo.ts'
import { makeUp } from '../../secrets/make-up.ts'

const TOKEN = makeUp('{an:36}')
const PASSWORD = makeUp('{pw:8}7q')
const LINES = Array.from({ length: 4 }, (_, i) => makeUp('{b64:64}', `line ${i}`))
const PEM = ['-----BEGIN RSA PRIVATE KEY-----', ...LINES, '-----END RSA PRIVATE KEY-----'].join('\n')
const FILES = {
  'deploy.yaml': `registry: example\ngithub_token: ghp_${TOKEN}\npassword: ${PASSWORD}\n`,
  'src/keys.ts': `export const GITHUB_TOKEN = "ghp_${TOKEN}"\n`,
  'key.pem': `${PEM}\n`,
  'src/price.ts': 'export const price = 1\n',
}

async function place(root = scratchRepo(FILES)) {
  const [repo, store] = [await openRepo(root), openStore(':memory:')]
  const { worktree } = await refreshFacts(repo, store, { maxFileBytes: 1e6, maxCommits: 10, processes: 1 })
  return { repo, store, worktree, signal: new AbortController().signal, budgetTokens: 1e6 }
}

async function implement(
  effort: 'low' | 'high',
  replies: readonly ScriptedReply[],
  checks: readonly string[] = [],
  at = place(),
) {
  const llm = scriptedLlm(replies)
  const options = { ...(await at), llm, effort, checks, checkTimeoutMs: 10_000, confirm: async () => true }
  const result = await implementRequest('Set price to 2', options, async (done) => done)
  return { result, sent: JSON.stringify(llm.requests) }
}

function expectHidden(sent: string) {
  for (const secret of [TOKEN, ...LINES])
    for (let at = 0; at + 8 <= secret.length; at++) expect(sent).not.toContain(secret.slice(at, at + 8))
  expect(sent).not.toContain(PASSWORD.slice(0, 6))
  expect(sent).not.toContain(PASSWORD.slice(4))
}

const edit = (path: string, find: string, replacement: string, all = '') =>
  `@@ replace${all} ${path}\n<<<<<<< find\n${find}\n======= replace\n${replacement}\n>>>>>>> end\n`
const call = (name: string, input: object): ScriptedReply => ({
  toolCalls: [{ id: name, name, arguments: JSON.stringify(input) }],
})
const NAMES =
  edit('deploy.yaml', 'github_token: ', 'note ') +
  edit('deploy.yaml', 'password: ', 'word: ') +
  edit('src/keys.ts', 'GITHUB_TOKEN', 'WHAT')
const PRICE = edit('src/price.ts', 'price = 1', 'price = 2')
const OPEN = 'open deploy.yaml\nopen src/keys.ts\nopen key.pem\nopen src/price.ts\n'

test('low effort: names and letters around secrets are changed, and these stay hidden, also in another file', async () => {
  const letters = [...'ABCbeLQ79'].map(
    (letter) => edit('deploy.yaml', letter, `${letter}|`, '-all') + edit('key.pem', letter, `${letter}|`, '-all'),
  )
  const { result, sent } = await implement('low', [
    OPEN,
    `${NAMES}${PRICE}@@ rename key.pem -> notes.txt\n${OPEN}open notes.txt\n`,
    `${letters.join('')}${OPEN}`, // key.pem is gone: refused
    edit('deploy.yaml', 'ghp_', 'x y ', '-all'),
    'complete',
    'complete',
  ])
  expectHidden(sent)
  expect(sent).toContain('note [GitHub token left out]')
  expect(sent).toContain('word: [password left out]')
  expect(sent).toContain('find text does not occur in deploy.yaml')
  expect(result.diff).toContain(`+word: ${PASSWORD}`)
})

test('nor is a password shown after an edit that adds a byte order mark, under any spelling of the path', async () => {
  const files = { 'conf/deploy.yaml': `db:\n  password: ${PASSWORD}\n`, 'src/price.ts': FILES['src/price.ts'] }
  const root = scratchRepo(files)
  if (!isWindows) symlinkSync('conf', join(root, 'link'))
  sh(root, 'add', '-A')
  sh(root, 'commit', '-q', '--allow-empty', '-m', 'second')
  const other = 'other/deploy.yaml'
  const tries = [
    ['\uFEFF', 'conf//deploy.yaml'],
    ['\uFEFF\uFEFF', isWindows ? 'conf/./deploy.yaml' : 'link/deploy.yaml'],
    ['\uFEFF', other],
  ]
  for (const [mark, path] of tries) {
    const edits = edit('conf/deploy.yaml', 'db:', `${mark}db:`) + edit('conf/deploy.yaml', 'password: ', 'note ')
    const rename = path === other ? `@@ rename conf/deploy.yaml -> ${other}\n` : ''
    const replies = [
      'open conf/deploy.yaml\nopen src/price.ts\n',
      `${edits}${rename}open ${path}\n`,
      `${PRICE}search note\n`,
      'complete',
    ]
    const { sent } = await implement('low', replies, [], place(root))
    expect(sent, path).not.toContain(PASSWORD)
    expect(sent).toContain('note [password left out]')
  }
})

test('high effort: the same', async () => {
  const { result, sent } = await implement('high', [
    call('look', { lines: OPEN }),
    call('edit', { edits: edit('deploy.yaml', 'ghp_', 'x y ', '-all') }),
    call('edit', { edits: edit('src/keys.ts', 'ghp_', '') + edit('src/keys.ts', 'GITHUB_TOKEN', 'WHAT') }),
    call('edit', { edits: `${NAMES}${PRICE}` }),
    call('edit', { edits: [...'ABCbeL'].map((one) => edit('deploy.yaml', one, `${one}|`, '-all')).join('') }),
    call('look', { lines: OPEN }),
    call('done', { note: 'ok' }),
  ])
  expectHidden(sent)
  expect(sent).toContain('find text does not occur in src/keys.ts')
  expect(result.modified).toEqual(['deploy.yaml', 'src/keys.ts', 'src/price.ts'])
})

test.skipIf(isWindows)('a check that prints an edited file shows no secret of it', async () => {
  const { sent } = await implement(
    'low',
    [OPEN, `${NAMES}${PRICE}@@ rename key.pem -> notes.txt\n`, 'complete', 'complete'],
    ['cat deploy.yaml src/keys.ts notes.txt; sed -n 3p notes.txt; exit 1'],
  )
  expect(sent).toContain('word: [password left out]')
  expectHidden(sent)
  const long = 'yes "$(cat deploy.yaml)" | head -n 900; exit 1'
  const cut = await implement('low', [OPEN, `${NAMES}${PRICE}`, 'complete', 'complete'], [long])
  expectHidden(cut.sent)
  expect(cut.result.checks.at(-1)!.output).toContain('characters left out')
  expectHidden(cut.result.checks.at(-1)!.output)
})

test('the plain agent: the same', async () => {
  const replace = (path: string, find: string, replacement: string) => call('replace', { path, find, replacement })
  const { store, ...options } = await place()
  const llm = scriptedLlm([
    call('read_file', { path: 'deploy.yaml' }),
    replace('deploy.yaml', 'ghp_', 'x y '),
    replace('deploy.yaml', 'github_token: ', 'note '),
    replace('deploy.yaml', 'password: ', 'word: '),
    replace('src/keys.ts', 'GITHUB_TOKEN = "ghp_', 'WHAT = "'),
    replace('src/keys.ts', 'GITHUB_TOKEN', 'WHAT'),
    replace('key.pem', 'PRIVATE', 'x'),
    call('read_file', { path: 'deploy.yaml' }),
    call('read_file', { path: 'src/keys.ts' }),
    call('grep', { pattern: 'word|WHAT' }),
    call('done', { summary: 'done' }),
  ])
  const result = await runPlainAgent('Set price to 2', { ...options, llm, ledger: store.ledger, steps: 20 })
  const sent = JSON.stringify(llm.requests)
  expectHidden(sent)
  expect(sent).toContain('note [GitHub token left out]')
  expect(sent).toContain('deploy.yaml:3:word: [password left out]')
  expect(result.modified).toEqual(['deploy.yaml', 'src/keys.ts'])
})
