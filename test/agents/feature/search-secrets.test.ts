import { expect, test } from 'vitest'
import { parseReply } from '../../../agents/feature/parse-reply.ts'
import { show } from '../../../agents/feature/show.ts'
import { openWorkspace } from '../../../agents/feature/workspace.ts'
import { plainTools } from '../../../agents/plain/tools.ts'
import { findText } from '../../../agents/served/find-text.ts'
import type { ServedIndex } from '../../../agents/served/served-index.ts'
import { handMadeStore } from '../../helpers/hand-made-store.ts'
import { scratchRepo } from '../../repo/scratch-repo.ts'
import { makeUp } from '../../secrets/make-up.ts'

const PEM = '-----BEGIN RSA PRIVATE KEY-----\n{b64:64}\n{b64:64}\n{b64:20}==\n-----END RSA PRIVATE KEY-----'
const token = (seed: string) => makeUp('ghp_{an:36}', seed)
const password = (seed: string) => makeUp('{pw:8}7q', seed)

/** The same repository with other secrets for each seed. */
const repoWith = (seed: string) =>
  scratchRepo({
    'deploy.yaml': `registry: example\ngithub_token: ${token(seed)} # the token of the shop\npassword: ${password(seed)}\n`,
    'bom.yaml': `\uFEFFpassword: ${password(seed)} # first\n`,
    'key.pem': `about\n${makeUp(PEM, seed)}\n`,
    'src/a.py': `def deploy():\n    token = "${token(seed)}"; x = "${'y'.repeat(400)}"; return use_token(token)\n`,
    'big.txt': `password: ${password(seed)}\n${'filler\n'.repeat(2000)}`,
  })

const ONE = token('1')
const SHORT = password('1')
const GUESSES = [
  ONE.slice(0, 6),
  `ghp_.{2}[${ONE[6]}]`,
  `${ONE.slice(0, 5)}|left out`,
  `${ONE.slice(0, 5)}|# the token`,
  `${ONE.slice(4, 7)}.*shop|the shop`,
  `(${ONE.slice(4, 6)}.*)?# the`,
  `^github_token: .$|${ONE[4]}${ONE[5]}`,
  `^github_token: ghp_[^${ONE[4]}]*$`,
  `^password: |${SHORT.slice(0, 3)}`,
  `: \\b|: ${SHORT.slice(0, 2)}`,
  `"\\<|${ONE.slice(4, 6)}.*use_token`,
  `token = ".+|nothing`,
  `^token|^password|${SHORT.slice(0, 4)}`,
  `^.{${'password: '.length + SHORT.length}}$`,
  `\uFFFD|${SHORT.slice(0, 3)}`,
  makeUp(PEM, '1').split('\n')[1]!.slice(0, 8),
  '[A-Za-z0-9+/]{60}',
  '=$',
  `(?i)${ONE.slice(4, 8).toUpperCase()}`,
  `"${ONE.slice(0, 6)}"`,
  `${SHORT} in deploy.yaml`,
  `${ONE.slice(0, 6)} in src/a.py#deploy`,
]

test('a search is answered alike for any secret: by the staged agent, the plain agent and find', async () => {
  const answers = await Promise.all(
    ['1', '2'].map(async (seed) => {
      const root = repoWith(seed)
      const workspace = openWorkspace(root, undefined, { maxFileBytes: 10_000 })
      const grep = plainTools(root, { maxFileBytes: 10_000 }).find(({ name }) => name === 'grep')!
      const made = handMadeStore({})
      const signal = new AbortController().signal
      const index = { ...made, repo: { root }, maxFileBytes: 10_000, signal } as unknown as ServedIndex
      const said: string[] = []
      for (const guess of GUESSES) {
        said.push((await show(parseReply(`search ${guess}`).looks, workspace)).text)
        said.push((await grep.run({ pattern: guess })).text)
        said.push((await findText(guess, undefined, index)).text)
      }
      made.store.close()
      return said
    }),
  )
  expect(answers[0]).toEqual(answers[1])
})

test('nor does the limit of a search tell whether a line that is left out matches', async () => {
  const files = {
    'deploy.yaml': `github_token: ${ONE}\n`,
    'large.txt': `${`q~${'x'.repeat(130)}\n`.repeat(39_999)}`, // too large to be scanned for secrets
    'many.yaml': `${`password: ${SHORT} # hidden\n`.repeat(39_999)}`,
  }
  const root = scratchRepo(files)
  const workspace = openWorkspace(root)
  const grep = plainTools(root).find(({ name }) => name === 'grep')!
  for (const hidden of ['^q~', `: ${SHORT.slice(0, 4)}`])
    for (const guess of [ONE.slice(0, 6), 'ghp_~~']) {
      if (hidden === '^q~') expect(await workspace.search(`${hidden}|${guess}`)).toEqual({ hits: [], remark: null })
      else expect((await grep.run({ pattern: `${hidden}|${guess}` })).text).toBe('(no match)')
    }
})

test('what is shown of a line with a secret is found', async () => {
  const workspace = openWorkspace(repoWith('1'))
  const hits = async (pattern: string) =>
    (await workspace.search(pattern)).hits.map(({ path, line }) => `${path}:${line}`)
  expect(await hits('github_token')).toEqual(['deploy.yaml:2'])
  expect(await hits('^github_token: .*')).toEqual(['deploy.yaml:2'])
  expect(await hits('^github_token: .+')).toEqual(['deploy.yaml:2'])
  expect(await hits('.*of the shop$')).toEqual(['deploy.yaml:2'])
  expect(await hits('token = "')).toEqual(['src/a.py:2'])
  expect(await hits('use_token\\(')).toEqual(['src/a.py:2'])
  expect(await hits('of the shop.+')).toEqual([])
  expect(await hits('password:')).toEqual(['big.txt:1', 'bom.yaml:1', 'deploy.yaml:3'])
  const { text } = await show(parseReply('search use_token').looks, workspace)
  expect(text).toContain('return use_token(token)') // the line is cut around the match that is told
})
