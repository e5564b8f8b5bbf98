import { expect } from 'vitest'
import { STEERS } from '../helpers/evil.ts'
import { type Run, runRepose } from '../helpers/run-repose.ts'
import { read, sh } from '../repo/scratch-repo.ts'

export const FILES = { 'src/price.ts': 'export const price = 1\n', 'src/order.ts': "import { price } from './price'\n" }
const TWO_LINES = /^error: [^\n]+\nfix: {3}[^\n]+$/m
export const MOST_MS = 30_000

/** Ends by itself with a code that is documented, steers no terminal, calls nothing a bug. */
export function expectCalm(run: Run): void {
  expect({ signal: run.signal, stderr: run.stderr }).toMatchObject({ signal: null })
  expect(run.stderr).not.toMatch(/bug in repose|^ +at |heap|ENOBUFS|RangeError|TypeError/m)
  expect(`${run.stdout}${run.stderr}`.replaceAll('\n', '').replaceAll('\t', '')).not.toMatch(STEERS)
  expect([0, 1, 2]).toContain(run.code)
  if (run.code === 2) expect(run.stderr).toMatch(TWO_LINES)
}

/** Runs what reads the whole repository. Nothing of the user's is changed, and nothing is run. */
export async function look(root: string, hasRun = () => false): Promise<Run> {
  const state = () => [
    sh(root, '--no-optional-locks', 'status', '--porcelain', '-z'),
    ...KEPT.map((path) => read(root, path)),
  ]
  const before = state()
  const run = await runRepose(['context', 'Raise the price of orders', '--json'], { cwd: root, mostMs: MOST_MS })
  expectCalm(run)
  expect(state()).toEqual(before)
  expect(hasRun()).toBe(false)
  return run
}

const KEPT = ['.git/config', '.git/HEAD', '.git/index']
