import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { passEnds } from '../../bin/commands/pass-end.ts'
import { nightLines, nightOf } from '../../bin/commands/watch-night.ts'
import { openStore } from '../../src/store/open-store.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

const MORNING = new Date(2026, 10, 25, 8).getTime()
const HOUR = 3_600_000

function open() {
  const store = openStore(join(scratchFolder(), 'x.db'))
  onTestFinished(() => store.close())
  const pass = (
    at: number,
    stop: string | null,
    counts: { written: number; rejected: number; notes: string[] },
    root = '/shop',
  ) => {
    const id = store.ledger.startPass(at, 'm', root)
    store.ledger.notePass(id, { reused: 0, ...counts })
    if (stop) store.ledger.endPass(id, at + 10 * 60_000, stop, stop === 'model-failed' ? 'the key was refused' : null)
    store.ledger.addCall({
      at,
      phase: 'sleep',
      pass: id,
      purpose: 'file-summary',
      model: 'm',
      stop: 'done',
      ms: 1,
      usage: { calls: 1, inputTokens: 1500, cachedTokens: 0, outputTokens: 100, usd: 0.25 },
    })
  }
  return { store, pass }
}

test('the night is told in at most ten lines: what about, spent, written, rejected, how it ended', () => {
  const { store, pass } = open()
  pass(MORNING - 20 * HOUR, 'done', { written: 99, rejected: 0, notes: [] }) // yesterday at noon: not of the night
  pass(MORNING - 10 * HOUR, 'out-of-budget', { written: 3, rejected: 0, notes: [] })
  pass(MORNING - 8 * HOUR, 'interrupted', {
    written: 2,
    rejected: 2,
    notes: ['a.ts: struck `x`', 'b.ts: nothing', 'c.ts: more'],
  })
  pass(MORNING - 6 * HOUR, 'interrupted', { written: 0, rejected: 0, notes: [] })
  pass(MORNING - 5 * HOUR, 'model-failed', { written: 0, rejected: 0, notes: [] })
  pass(MORNING - 4 * HOUR, null, { written: 1, rejected: 0, notes: [] })
  store.summaries.save('src/a.ts', {
    kind: 'file',
    sourceHash: 'h',
    promptVersion: 1,
    model: 'm',
    body: {},
    writtenAt: MORNING - 9 * HOUR,
  })
  const lines = nightLines(nightOf(store, '/shop', MORNING), passEnds(store))
  expect(lines.length).toBeLessThanOrEqual(10)
  expect(lines).toEqual([
    '5 passes since 2026-11-24 18:00, 40 min in all',
    '  about     1 subject, the last: src/a.ts',
    '  spent     5 calls, 7,500 tokens in, 500 out, US$1.25',
    '  written   6 summaries',
    '  rejected  2',
    '            a.ts: struck `x`',
    '            b.ts: nothing',
    '  ended     1 killed, 1 model-failed, 2 interrupted, 1 out-of-budget',
    '            the key was refused',
    '  more      repose receipts, repose watch status',
  ])
})

test('a pass that failed says why', () => {
  const { store } = open()
  const id = store.ledger.startPass(MORNING - 5 * HOUR, 'none', '/shop')
  store.ledger.endPass(id, MORNING - 4 * HOUR, 'failed', 'no space left on the disk')
  expect(nightLines(nightOf(store, '/shop', MORNING), passEnds(store)).slice(-3)).toEqual([
    '  ended     failed',
    '            no space left on the disk',
    '  more      repose receipts, repose watch status',
  ])
})

test('what was learned is listed apart from what was rejected, and there are still ten lines', () => {
  const { store, pass } = open()
  pass(MORNING - 5 * HOUR, 'model-failed', {
    written: 1,
    rejected: 2,
    notes: ['past: x.db.past was damaged', 'a.ts: struck `x`', 'b.ts: nothing', 'recipes: 2, from 8 past additions'],
  })
  const lines = nightLines(nightOf(store, '/shop', MORNING), passEnds(store))
  expect(lines.length).toBeLessThanOrEqual(10)
  expect(lines.slice(3, 7)).toEqual([
    '  learned   recipes: 2, from 8 past additions',
    '  rejected  2',
    '            a.ts: struck `x`',
    '  ended     model-failed',
  ])
  pass(MORNING - 4 * HOUR, 'done', { written: 0, rejected: 0, notes: ['recipes: 3, from 9 past additions'] })
  expect(nightOf(store, '/shop', MORNING)).toMatchObject({ learned: ['recipes: 3, from 9 past additions'] })
})

test('what became of requests is one line for all passes, and is not listed as rejected', () => {
  const { store, pass } = open()
  const notes = (...notes: string[]) => ({
    written: 0,
    rejected: 1,
    notes: [...notes, 'a.ts: struck `x`', 'b.ts: nothing'],
  })
  pass(
    MORNING - 6 * HOUR,
    'interrupted',
    notes('backlog: drafted #1', 'backlog: needs you: #5, #4', 'backlog: #1: 7 tokens'),
  )
  pass(MORNING - 5 * HOUR, 'model-failed', notes('backlog: drafted #6', 'backlog: left for a later pass: 1'))
  const lines = nightLines(nightOf(store, '/shop', MORNING), passEnds(store))
  expect(lines).toContain('  backlog   drafted #1, #6; needs you: #5, #4')
  expect(lines.length).toBeLessThanOrEqual(10)
  const told = lines.slice(lines.indexOf('  rejected  2') + 1, -3)
  expect(told).toEqual(['            a.ts: struck `x`'])
})

test('what another working tree learned is not told as learned here', () => {
  const { store, pass } = open()
  pass(MORNING - 6 * HOUR, 'done', { written: 1, rejected: 0, notes: ['recipes: 10, from 207 past additions'] })
  pass(MORNING - 5 * HOUR, 'done', { written: 0, rejected: 0, notes: ['recipes: 9, from 205 past additions'] }, '/old')
  const told = nightLines(nightOf(store, '/shop', MORNING), passEnds(store)).join('\n')
  expect(told).toContain('2 passes since 2026-11-24 18:00 (1 in other working trees), 20 min in all')
  expect(told).toContain('learned   recipes: 10, from 207 past additions')
  expect(told).not.toContain('205')
})

test('a night without a pass is not spoken of', () => {
  const { store, pass } = open()
  expect(nightLines(nightOf(store, '/shop', MORNING), passEnds(store))).toEqual([])
  pass(MORNING - 30 * HOUR, 'done', { written: 1, rejected: 0, notes: [] })
  expect(nightLines(nightOf(store, '/shop', MORNING), passEnds(store))).toEqual([])
})
