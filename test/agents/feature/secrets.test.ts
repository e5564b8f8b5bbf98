import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { implementRequest } from '../../../agents/feature/agent.ts'
import { answerQuestion } from '../../../agents/feature/answer-question.ts'
import { refreshFacts } from '../../../src/indexing/refresh-facts.ts'
import { type ScriptedReply, scriptedLlm } from '../../../src/llm/scripted-llm.ts'
import { openRepo } from '../../../src/repo/open-repo.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { scratchRepo } from '../../repo/scratch-repo.ts'

const base64 = (seed: string) => createHash('sha512').update(seed).digest('base64').replace(/=+$/, '')
const BODY = Array.from({ length: 14 }, (_, i) => base64(`line ${i}`).slice(0, 64))
const PEM = ['-----BEGIN RSA PRIVATE KEY-----', ...BODY, '-----END RSA PRIVATE KEY-----']
const AWS = `${base64('aws').replace(/\W/g, 'x').slice(0, 39)}Z`
const rows = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}_${i} = ${i}`)
const KEYS = [
  `AWS_SECRET_ACCESS_KEY = "${AWS}"`,
  ...rows('before', 359),
  'def deploy_key():',
  '    """The key of deployments."""',
  `    return """${PEM[0]}`,
  ...PEM.slice(1, -1),
  `${PEM.at(-1)}"""`,
  ...rows('after', 40),
].join('\n')
const MARKED = '[private key left out]'

async function place() {
  const root = scratchRepo({
    'src/keys.py': `${KEYS}\n`,
    'src/sign.py': `def sign_deployment():\n    key = "${PEM.join('\\n')}"\n    return key\n`,
    'src/deploy.py': 'from keys import deploy_key\n\n\ndef deploy():\n    return deploy_key()\n',
  })
  const [repo, store] = [await openRepo(root), openStore(':memory:')]
  const { worktree } = await refreshFacts(repo, store, { maxFileBytes: 1e6, maxCommits: 10, processes: 1 })
  return { repo, store, worktree, signal: new AbortController().signal }
}

async function implement(effort: 'low' | 'high', replies: readonly ScriptedReply[], budgetTokens = 1e6) {
  const llm = scriptedLlm(replies)
  const options = { ...(await place()), llm, effort, checks: [], checkTimeoutMs: 1000, budgetTokens }
  const result = await implementRequest('Rename the deploy_key', options, async (done) => done)
  return { result, sent: llm.requests.map(({ messages }) => JSON.stringify(messages)) }
}

/** No twelve characters of a secret. */
function expectNoSecret(sent: readonly string[]) {
  const parts = [...BODY, AWS].flatMap((secret) =>
    Array.from({ length: secret.length - 11 }, (_, at) => secret.slice(at, at + 12)),
  )
  expect(parts.filter((part) => sent.some((text) => text.includes(part)))).toEqual([])
}

const edit = (path: string, find: string, replacement: string) =>
  `@@ replace ${path}\n<<<<<<< find\n${find}\n======= replace\n${replacement}\n>>>>>>> end\n`
const call = (name: string, input: object): ScriptedReply => ({
  toolCalls: [{ id: name, name, arguments: JSON.stringify(input) }],
})

const LOOKS = [
  'open src/keys.py:1-3\nopen src/keys.py:366-372\nsearch [A-Za-z0-9+/]{60}\nsearch return """',
  'open src/keys.py#deploy_key\nsearch [A-Za-z0-9+/]{60} in src/keys.py\nopen src/sign.py',
]
const NEAR =
  edit('src/keys.py', `    """The key of a deployment."""\n${rows('x', 6).join('\n')}`, 'x') +
  edit('src/sign.py', 'def sign_a_deployment():\n    key = None', 'x')
const BROKEN = edit('src/keys.py', 'deployments."""', 'deployments.')
const COPIED = edit('src/keys.py', 'after_0 = 0', `after_0 = "${MARKED}"`)
const UNMARKED = edit('src/keys.py', PEM[0]!, 'x')
const RIGHT = edit('src/keys.py', 'def deploy_key():', 'def deployment_key():')
const NOTES = [
  'src/keys.py: an AWS secret access key and a private key were left out of what the model saw',
  'src/sign.py: a private key was left out of what the model saw',
]

test('low effort: what is opened, found and refused shows no part of a secret; edits are made to the file as it is', async () => {
  const { result, sent } = await implement('low', [LOOKS[0]!, LOOKS[1]!, NEAR, BROKEN, COPIED, RIGHT])
  expectNoSecret(sent)
  expect(sent[1]).toContain('AWS_SECRET_ACCESS_KEY = \\"[AWS secret access key left out]\\"')
  expect(sent[1]).toContain(`${MARKED}\\n${MARKED}`)
  expect(sent[1]).toContain(`:    return \\"\\"\\"${MARKED}`)
  expect(sent[1]).toContain('search [A-Za-z0-9+/]{60}\\n(no match)')
  expect(sent[2]).toContain(`    key = \\"${MARKED}\\"`)
  expect(sent[3]).toContain('the closest place is lines')
  expect(sent[4]).toContain('has a syntax error at line')
  expect(result).toMatchObject({ stop: 'done', modified: ['src/keys.py'], notes: NOTES })
  expect(result.diff).toContain('+def deployment_key():')
  expect(result.diff).not.toContain('left out')
})

test('no note tells of a secret if no call was made', async () => {
  const { result } = await implement('low', [], 100)
  expect(result).toMatchObject({ stop: 'out-of-budget', usage: { calls: 0 }, notes: [] })
})

test('what stands for a secret is not written into a file', async () => {
  const { result, sent } = await implement('low', [LOOKS[0]!, COPIED, RIGHT])
  expect(sent[2]).toContain(`${MARKED} stands for text of the file that is not shown`)
  expect(result).toMatchObject({ stop: 'done', modified: ['src/keys.py'] })
})

test('an edit that would make a secret look like none is refused: a part of it does not occur', async () => {
  const { result, sent } = await implement('low', [LOOKS[0]!, `${UNMARKED}open src/keys.py:360-380`, 'complete'])
  expectNoSecret(sent)
  expect(sent[2]).toContain(MARKED)
  expect(sent[2]).toContain('find text does not occur in src/keys.py')
  expect(result.stop).toBe('nothing-changed')
})

test('high effort: the same', async () => {
  const { result, sent } = await implement('high', [
    call('look', { lines: LOOKS[0] }),
    call('look', { lines: LOOKS[1] }),
    call('edit', { edits: NEAR }),
    call('edit', { edits: BROKEN }),
    call('edit', { edits: COPIED }),
    call('edit', { edits: RIGHT }),
    call('done', { note: 'renamed' }),
  ])
  expectNoSecret(sent)
  expect(sent[2]).toContain(`search [A-Za-z0-9+/]{60} in src/keys.py\\n(no match)`)
  expect(sent[5]).toContain('stands for text of the file that is not shown')
  expect(result).toMatchObject({ stop: 'done', modified: ['src/keys.py'], notes: ['renamed', ...NOTES] })
  expect(result.diff).not.toContain('left out')
})

test('ask: neither bodies nor declarations show one, and it is said', async () => {
  const llm = scriptedLlm(['In src/keys.py.'])
  const answer = await answerQuestion('Where do deploy_key and sign_deployment and AWS_SECRET_ACCESS_KEY come from?', {
    ...(await place()),
    llm,
  })
  const sent = llm.requests.map(({ messages }) => JSON.stringify(messages))
  expectNoSecret([...sent, JSON.stringify(answer)])
  expect(sent[0]).toContain(MARKED)
  expect(answer).toMatchObject({ text: 'In src/keys.py.', notes: NOTES })
})
