import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { layOutPack } from '../../src/pack/lay-out-pack.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { openStore } from '../../src/store/open-store.ts'
import { scratchFolder, write } from '../repo/scratch-repo.ts'
import { makeUp } from '../secrets/make-up.ts'

const TOKEN = makeUp('ghp_{an:36}', 'packed')
const priceOf = (line: string) => `export function roundPrice(price: number) {\n  // ${line}\n  return price\n}\n`

/** The file's `clean` after an index, and its text in a pack. later: text that is written after the index. */
async function packed(text: string, { later, crlf = false }: { later?: string; crlf?: boolean } = {}) {
  const root = scratchFolder()
  execFileSync('git', ['init', '-q', '--template=', root])
  if (crlf) execFileSync('git', ['-C', root, 'config', 'core.autocrlf', 'true'])
  write(root, 'price.ts', text)
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'commit.gpgsign=false']
  for (const args of [
    ['add', '-A'],
    ['commit', '-qm', 'Begin'],
  ])
    execFileSync('git', ['-C', root, ...identity, ...args], { stdio: 'ignore' })
  const store = openStore(join(scratchFolder(), 'repose.db'))
  onTestFinished(() => store.close())
  const repo = await openRepo(root)
  const { worktree } = await refreshFacts(repo, store, { maxFileBytes: 10_000, maxCommits: 10, processes: 1 })
  if (later !== undefined) write(root, 'price.ts', later)
  const options = { root: repo.root, worktree, budgetTokens: 4000, summaryOf: () => null }
  const pack = layOutPack(readRequest('Round the price in roundPrice'), store, options)
  const body = pack.items.find(({ kind }) => kind === 'body')?.text
  return { clean: store.facts.file(worktree, 'price.ts')?.clean, body }
}

test('the index tells which content has no secret, and a pack shows that content as it is', async () => {
  expect(await packed(priceOf('half up'))).toEqual({ clean: 1, body: priceOf('half up').trimEnd() })
})

test('a secret is left out, also if it was written after a clean content was indexed', async () => {
  const body = priceOf('[GitHub token left out]').trimEnd()
  expect(await packed(priceOf(TOKEN))).toEqual({ clean: 0, body })
  expect(await packed(priceOf('half up'), { later: priceOf(TOKEN) })).toEqual({ clean: 1, body })
})

test('a content that git stores in another form does not count as clean', async () => {
  const { clean, body } = await packed(priceOf('half up').replaceAll('\n', '\r\n'), { crlf: true })
  expect(clean).toBe(0)
  expect(body).toBe(priceOf('half up').trimEnd())
})
