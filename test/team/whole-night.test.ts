import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeRows } from '../../agents/team/take-rows.ts'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { summaryReader } from '../../src/summary/summary-reader.ts'
import { rowsOfStore } from '../../src/team/rows-of-store.ts'
import { fileNote, noteOn, noting } from '../agents/sleep/note-model.ts'
import { type Lab, openLab, SHOP } from '../agents/sleep/sleep-lab.ts'
import { scratchFolder, sh, write } from '../repo/scratch-repo.ts'

const signal = new AbortController().signal
const telling = () =>
  noting((request) =>
    request.purpose === 'file-summary'
      ? fileNote({ purpose: 'keeps prices', changesWith: 'the price list', concepts: ['levy'], symbols: [] })
      : noteOn(request),
  )

async function facts(root: string, store: Store): Promise<number> {
  const limits = { maxFileBytes: 1_000_000, maxCommits: 100, processes: 1 }
  return (await refreshFacts(await openRepo(root), store, limits)).worktree
}

/** Another clone of a lab's repository, with a database of its own. */
async function clone(lab: Lab): Promise<{ root: string; store: Store; worktree: number }> {
  const root = join(scratchFolder(), 'clone')
  sh(scratchFolder(), 'clone', '-q', lab.root, root)
  const store = openStore(':memory:')
  return { root, store, worktree: await facts(root, store) }
}

async function handOver(lab: Lab, to: Awaited<ReturnType<typeof clone>>) {
  const repo = await openRepo(lab.root)
  const worktree = await facts(lab.root, lab.store)
  const now = Date.now()
  const { rows, leftOut } = await rowsOfStore({ repo, store: lab.store, worktree, now, signal, onlyOwn: true })
  expect([...leftOut]).toEqual([])
  const taking = { origin: 'remote origin', isAll: false, now, signal, isDry: false }
  return takeRows(rows, new Map(), { ...to, ...taking })
}

test('a whole night is taken: files, their folders, and the repository', async () => {
  const lab = await openLab()
  await lab.pass(telling())
  const other = await clone(lab)
  const { taken, notAsked } = await handOver(lab, other)
  const here = summaryReader(lab.store, await facts(lab.root, lab.store))
  const there = summaryReader(other.store, other.worktree)
  for (const subject of ['src/cart/vat.ts', 'src/orders/', 'src/cart/', 'src/', '.'])
    expect({ subject, ...there(subject, '') }).toEqual({ subject, ...here(subject, ''), origin: 'remote origin' })
  expect(taken.module).toBeGreaterThan(1)
  expect(taken.repository).toBe(1)
  expect(notAsked).toBe(0)
})

test('where a file differs, the folders that hold it ask for other summaries, and the others are taken', async () => {
  const lab = await openLab()
  await lab.pass(telling())
  const other = await clone(lab)
  write(other.root, 'src/cart/vat.ts', SHOP['src/cart/vat.ts']!.replace('1.2', '1.25'))
  await facts(other.root, other.store)
  await handOver(lab, other)
  const there = summaryReader(other.store, other.worktree)
  expect(there('src/orders/', '')).toMatchObject({ origin: 'remote origin' })
  expect(there('src/cart/vat.ts', '')).toBeNull()
  expect(there('src/cart/', '')).toBeNull()
  expect(there('.', '')).toBeNull()
})

test('a folder that was renamed takes its summary under the new names, and it still says where it came from', async () => {
  const lab = await openLab()
  await lab.pass(telling())
  const other = await clone(lab)
  cpSync(join(other.root, 'src/orders/refund.ts'), join(other.root, 'src/orders/giveback.ts'))
  sh(other.root, 'rm', '-q', '--cached', 'src/orders/refund.ts')
  sh(other.root, 'clean', '-fdq', 'src/orders/refund.ts')
  await facts(other.root, other.store)
  await handOver(lab, other)
  expect(summaryReader(other.store, other.worktree)('src/orders/', '')).toMatchObject({ origin: 'remote origin' })
})

test('a plan is for the same request alone, and its item still waits', async () => {
  const lab = await openLab()
  const add = (store: Store, request: string) =>
    store.backlog.add({ source: 'hand', key: request, url: null, author: 'ada', request, isApproved: true }, 1).id
  const base = sh(lab.root, 'rev-parse', 'HEAD').trim()
  const item = add(lab.store, 'Round the VAT down')
  const checks = [{ check: 'npm test --secret', status: 'passed', output: '/home/ada/x', ms: 1 }] as const
  lab.store.backlog.saveDraft(
    {
      ...{ item, madeAt: 5, base, commit: base, files: ['src/cart/vat.ts'], plan: ['src/cart/vat.ts#addVat'] },
      ...{ seen: ['src/cart/vat.ts:1-4'], checks, cage: null, notes: ['for ada'] },
    },
    'drafted',
    5,
  )
  const other = await clone(lab)
  const [same, another] = [add(other.store, 'Round the  VAT down\n'), add(other.store, 'Round the VAT up')]
  expect((await handOver(lab, other)).taken.plan).toBe(1)
  expect(other.store.backlog.get(same)).toMatchObject({
    state: 'waiting',
    reason: 'a plan for it came from remote origin',
  })
  expect(other.store.backlog.draft(same)).toMatchObject({
    ...{ plan: ['src/cart/vat.ts#addVat'], commit: null, checks: [], origin: 'remote origin' },
    notes: ['drafted elsewhere, in 1 files; of its checks 1 passed and 0 failed there'],
  })
  expect(other.store.backlog.draft(another)).toBeNull()
  expect((await handOver(lab, other)).taken.plan).toBe(0)
  const { rows } = await rowsOfStore({
    ...{ repo: await openRepo(lab.root), store: lab.store, worktree: 1, now: Date.now(), signal, onlyOwn: true },
  })
  expect(rows.map(({ line }) => line).join('\n')).not.toMatch(/VAT down|npm test|\bada\b|home/)
})
