/**
 * Measures the time that the cage adds to a check: each command runs free and caged, alternating, in a worktree of a fixture.
 *
 *   node dist/bench/cage.js [PAIRS]     (default: 20)
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWorktree } from '../src/repo/worktree.ts'
import { NOTHING_MORE } from '../src/verify/cage/cage.ts'
import { isCage, openCage } from '../src/verify/cage/open-cage.ts'
import { checkEnvironment } from '../src/verify/check-environment.ts'
import { runChecks } from '../src/verify/run-checks.ts'
import { replayFixture } from './fixture-repo.ts'

const COMMANDS = ['true', 'git status --porcelain', 'node -e 0']

const pairs = Number(process.argv[2] ?? 20)
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'repose-cage-')))
try {
  await replayFixture('bookshop-ts', scratch, { history: false })
  const worktree = await openWorktree(scratch)
  try {
    const { root, tree, linked } = worktree
    const opened = performance.now()
    const cage = await openCage({ root, tree, linked }, NOTHING_MORE, checkEnvironment(process.env))
    if (!isCage(cage)) throw new Error(`no cage: ${cage.why}`)
    console.log(`${cage.name}, opened in ${(performance.now() - opened).toFixed(0)} ms, once a run`)
    for (const command of COMMANDS) {
      const timed = async (where: typeof cage | null) => {
        const [result] = await runChecks(root, [{ name: command, command }], { cage: where })
        if (result!.status !== 'passed') throw new Error(result!.output)
        return result!.ms
      }
      await timed(null)
      await timed(cage)
      const free: number[] = []
      const added: number[] = []
      for (let pair = 0; pair < pairs; pair++) {
        const alone = await timed(null)
        free.push(alone)
        added.push((await timed(cage)) - alone)
      }
      const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(added, share))
      console.log(
        `${command}: free ${quantile(free, 0.5)} ms, the cage adds ${middle} ms (quartiles ${low} to ${high}, ${pairs} pairs)`,
      )
    }
  } finally {
    await worktree.close()
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]!
}
