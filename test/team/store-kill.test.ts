import { execFileSync } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { brotliDecompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { isWindows } from '../helpers/platform.ts'
import { startRepose } from '../helpers/start-repose.ts'
import { sh } from '../repo/scratch-repo.ts'
import { AT, cloneOf, REF, repose, repoWithRemote, withStore } from './lab.ts'

/** Pushes and pulls of all clones together; the 200 with STEPS=200. */
const STEPS = Number(process.env.STEPS ?? 16)
const CLONES = 4
const NEW = 3 // summaries that a clone writes before each step

const names = Array.from({ length: STEPS * NEW }, (_, i) => `step${i}`)
const FILES = { 'src/steps.ts': names.map((name) => `export const ${name} = () => '${name}'\n`).join('') }

test.skipIf(isWindows)(
  `of ${STEPS} pushes and pulls of ${CLONES} clones at once, a third of them killed, nothing is lost, twice or damaged`,
  async () => {
    const { root, remote } = repoWithRemote(FILES)
    const clones = [root, ...Array.from({ length: CLONES - 1 }, () => cloneOf(remote))]
    for (const clone of clones) expect((await repose(clone, ['index'])).code).toBe(0)
    const hashes = withStore(root, (store, worktree) => store.facts.definitions(worktree).map(([, , hash]) => hash))
    const written = new Set<string>()
    let next = 0

    /** Summaries of the next definitions, each written in one clone alone. */
    const write = (clone: string) => {
      const some = hashes.slice(next, next + NEW)
      next += NEW
      withStore(clone, (store) => {
        for (const hash of some) {
          const key = { kind: 'symbol', sourceHash: hash, promptVersion: 1, model: 'm' }
          store.summaries.save(`x#${hash}`, { ...key, body: { does: `Step ${hash}` }, writtenAt: AT })
        }
      })
      for (const hash of some) written.add(hash)
    }
    const startedAt = performance.now()
    await run(root, ['push'])
    const ownMs = performance.now() - startedAt

    await Promise.all(
      clones.map(async (clone) => {
        for (let i = 0; i < STEPS / CLONES; i++) {
          write(clone)
          const killAfterMs = i % 3 === 1 ? ownMs * (0.2 + 1.1 * Math.random()) : undefined
          const end = await run(clone, [Math.random() < 0.6 ? 'push' : 'pull'], killAfterMs)
          if (end.signal !== 'SIGKILL') expect(end).toMatchObject({ code: 0 })
        }
      }),
    )
    await setTimeout(500) // a git whose parent was killed may still push

    for (const clone of clones) expect(await repose(clone, ['push'])).toMatchObject({ code: 0 })
    const lines = linesIn(remote)
    expect(new Set(lines).size).toBe(lines.length)
    expect(new Set(lines.map((line) => JSON.parse(line).source))).toEqual(written)
    expect(sh(remote, 'fsck', '--strict', '--no-dangling')).toBe('')
    for (const clone of clones) {
      const pull = await repose(clone, ['pull', '--json'])
      expect(pull).toMatchObject({ code: 0, stdout: expect.stringContaining('"refused": {}') })
      const here = withStore(clone, (store) => store.summaries.written(false).map(({ sourceHash }) => sourceHash))
      expect(here).toHaveLength(written.size)
      expect(new Set(here)).toEqual(written)
      expect(sh(clone, 'for-each-ref', '--format=%(refname)', 'refs/repose')).toBe('')
      expect(sh(clone, 'status', '--porcelain')).toBe('')
      expect(sh(clone, 'fsck', '--strict', '--no-dangling')).toBe('')
    }
  },
  60_000 + STEPS * 20_000,
)

/** A process of its own: it may be killed, and the others run at the same time. */
function run(clone: string, args: readonly string[], killAfterMs?: number) {
  return startRepose(args, { cwd: clone, mostMs: killAfterMs })
}

function linesIn(remote: string): string[] {
  const packs = sh(remote, 'ls-tree', '-r', '--name-only', REF, 'packs/').trim().split('\n')
  return packs.flatMap((name) => {
    const bytes = execFileSync('git', ['cat-file', 'blob', `${REF}:${name}`], { cwd: remote, maxBuffer: 1e9 })
    return brotliDecompressSync(bytes).toString().trim().split('\n')
  })
}
