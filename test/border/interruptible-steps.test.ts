import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Values } from '../../bin/command.ts'
import { exportAgentsMd } from '../../bin/exports/agents-md.ts'
import { exportLlmsTxt } from '../../bin/exports/llms-txt.ts'
import { exportMarkdown } from '../../bin/exports/markdown.ts'
import { exportSkill } from '../../bin/exports/skill.ts'
import type { Wire } from '../../bin/wire.ts'
import { readConfig } from '../../src/config/read-config.ts'
import { editPermission } from '../../src/edit/permission.ts'
import { planEdits } from '../../src/edit/plan-edits.ts'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { makePack } from '../../src/pack/make-pack.ts'
import { allowAbruptEnd, blocking } from '../../src/processes/blocking.ts'
import { uninterrupted } from '../../src/processes/uninterrupted.ts'
import { openRepo, type Repo } from '../../src/repo/open-repo.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

// Work that takes seconds in a large repository must run in blocking(), which removes the handlers of Ctrl-C: it then ends the process.

let shop: FixtureRepo
let repo: Repo
let store: Store
let worktree: number
const handler = () => {}
const handlers = () => process.listeners('SIGINT').filter((one) => one === handler).length

beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
  repo = await openRepo(shop.root)
  const { maxFileBytes, maxCommits } = await readConfig(repo.root)
  store = openStore(`${repo.commonDir}/repose/repose.db`)
  worktree = (await refreshFacts(repo, store, { maxFileBytes, maxCommits, processes: 1 })).worktree
  process.on('SIGINT', handler)
  allowAbruptEnd(new AbortController().signal)
})
afterAll(async () => {
  process.off('SIGINT', handler)
  store.close()
  await shop.dispose()
})

test('the planning of edits runs without handlers, except while it waits for a parser', async () => {
  const seen: number[] = []
  const allow = () => {
    seen.push(handlers())
    return null
  }
  const besides: number[] = []
  const parse = async () => {
    besides.push(handlers()) // an abrupt end would leave a busy parser behind
    return []
  }
  const permission = editPermission({ request: null, allowed: [] })
  const tools = { permission, allow, symbolsOf: async () => [], syntaxErrors: parse, importsOf: async () => null }
  const create = { kind: 'create', path: 'src/new.ts', text: 'export {}\n' } as const
  const add = { kind: 'import', path: 'src/new.ts', text: "import './a.ts'" } as const
  await planEdits(shop.root, [create, add], tools)
  expect([seen, besides]).toEqual([[0, 0], [1]])
  expect(handlers()).toBe(1)
})

test('the handlers stay while files of the user are written', async () => {
  const seen = await uninterrupted(() => blocking(handlers))
  expect([seen, await blocking(handlers)]).toEqual([1, 0])
})

test('the layout of a pack runs without handlers', async () => {
  const seen: number[] = []
  const numberOf = () => seen.push(handlers())
  const options = { root: repo.root, worktree, budgetTokens: 4000, numberOf }
  await makePack(readRequest('Add a CSV output format'), store, options)
  expect(new Set(seen)).toEqual(new Set([0]))
  expect(handlers()).toBe(1)
})

test.each<[string, (wire: Wire, values: Values) => Promise<unknown>, Values]>([
  ['agents-md', exportAgentsMd, {}],
  ['llms-txt', exportLlmsTxt, {}],
  ['skill', exportSkill, {}],
  ['markdown', exportMarkdown, { out: join(scratchFolder(), 'wiki') }],
])('the pages of an export are made without handlers: %s', async (_, write, values) => {
  const seen: number[] = []
  const readableFiles = () => {
    seen.push(handlers())
    throw new Error('enough')
  }
  const facts = Object.create(store.facts, { readableFiles: { value: readableFiles } })
  const watched = Object.create(store, { facts: { value: facts } })
  const wire = { facts: async () => ({ repo, store: watched, worktree }), signal: new AbortController().signal }
  await expect(write(wire as unknown as Wire, values)).rejects.toThrow('enough')
  expect(seen).toEqual([0])
  expect(handlers()).toBe(1)
})
