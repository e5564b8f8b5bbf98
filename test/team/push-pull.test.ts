import { execFileSync } from 'node:child_process'
import { brotliDecompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openRepo } from '../../src/repo/open-repo.ts'
import { remoteNamed } from '../../src/repo/remote-named.ts'
import { openStoreRemote } from '../../src/repo/store-remote.ts'
import { pushRows } from '../../src/team/push-rows.ts'
import { nameRow } from '../../src/team/row.ts'
import { sh, write } from '../repo/scratch-repo.ts'
import { AT, cloneOf, notes, REF, repose, repoWithRemote, think, told, withStore } from './lab.ts'

const OWN = ['remote origin'] // what is taken says this

/** All lines of a store, as they stand in its packs. */
function linesIn(remote: string, ref = REF): string[] {
  const names = sh(remote, 'ls-tree', '-r', '--name-only', ref).trim().split('\n')
  return names
    .filter((name) => name.startsWith('packs/'))
    .flatMap((name) => {
      const bytes = execFileSync('git', ['cat-file', 'blob', `${ref}:${name}`], { cwd: remote, maxBuffer: 1e9 })
      return brotliDecompressSync(bytes).toString().trim().split('\n')
    })
}

describe('one night for all clones', () => {
  test('what was written in one clone is there in another, marked, and findable', async () => {
    const { root, remote } = repoWithRemote()
    const written = await think(root)
    expect(await told(root, 'push')).toMatchObject({ added: { rows: written, packs: 1 }, leftOut: {}, refused: {} })

    const clone = cloneOf(remote)
    expect(await told(clone, 'pull', '--dry-run')).toMatchObject({ taken: { file: 2, symbol: 2 } })
    expect(withStore(clone, (store) => store.summaries.written(false))).toEqual([])
    const run = await repose(clone, ['pull'])
    expect(run.stdout).toMatch(
      /^took 4 summaries \(2 files, 2 definitions\) from the store on origin\nit holds 4 rows in 1 pack, \d+ bytes\n$/,
    )
    expect(notes(clone)).toEqual({
      'src/order.ts': ['Keeps the price of src/order.ts.', ...OWN],
      'src/price.ts': ['Keeps the price of src/price.ts.', ...OWN],
    })
    const status = await told(clone, 'status')
    expect(status.summariesFrom).toEqual([{ origin: 'remote origin', n: 4 }])
    expect((await repose(clone, ['status'])).stdout).toMatch(/taken over +4 summaries from remote origin/)
    // the words of a summary find its file
    expect((await told(clone, 'context', 'What does it cost?')).files[0].why.join()).toMatch(/summary/)
  })

  test('what another clone wrote later in the same words is no news', async () => {
    const { root, remote } = repoWithRemote()
    await think(root)
    await told(root, 'push')
    const clone = cloneOf(remote)
    await think(clone, { at: AT + 1000 })
    expect(await told(clone, 'push')).toMatchObject({ own: 4, added: { rows: 0 }, store: { rows: 4, packs: 1 } })
    await think(clone, { at: AT + 2000, says: 'Rounds the price' })
    expect(await told(clone, 'push')).toMatchObject({ added: { rows: 4 }, store: { rows: 4, packs: 2 } })
  })

  test('the next push and pull find nothing new, and what was taken is not pushed as own', async () => {
    const { root, remote } = repoWithRemote()
    await think(root)
    await told(root, 'push')
    const before = sh(remote, 'rev-parse', REF)
    expect((await repose(root, ['push'])).stdout).toMatch(
      /^nothing to add: the store on origin has it all\nit holds 4 rows/,
    )
    const clone = cloneOf(remote)
    await told(clone, 'pull')
    expect(await told(clone, 'pull')).toMatchObject({ taken: { file: 0, symbol: 0 }, known: 4 })
    expect(await told(clone, 'push')).toMatchObject({ own: 0, added: { rows: 0 } })
    expect(sh(remote, 'rev-parse', REF)).toBe(before)
  })

  test('where there is no store and nothing to share, push says so', async () => {
    const { root } = repoWithRemote()
    expect((await repose(root, ['push', '--dry-run'])).stdout).toBe(
      'nothing to add: there is nothing here to share\nthere is no store on origin, or an empty one\n',
    )
  })

  test('a pass does not pay for what was pulled', async () => {
    const { root, remote } = repoWithRemote()
    await think(root)
    await told(root, 'push')
    const clone = cloneOf(remote)
    await told(clone, 'pull')
    const config = { model: 'thinker', baseUrl: 'http://127.0.0.1:1/v1' }
    const dry = await repose(clone, ['sleep', '--dry-run', '--json'], config)
    const { subjects } = JSON.parse(dry.stdout).estimate
    expect(subjects.map(({ kind }: { kind: string }) => kind)).not.toContain('file')
  })

  test('a clone takes only what its own contents ask for', async () => {
    const { root, remote } = repoWithRemote()
    await think(root)
    await told(root, 'push')
    const clone = cloneOf(remote)
    write(clone, 'src/price.ts', 'export function price(): number {\n  return 2\n}\n')
    expect(await told(clone, 'pull')).toMatchObject({ taken: { file: 1, symbol: 1 }, notAsked: 2 })
    expect(Object.keys(notes(clone))).toEqual(['src/order.ts'])
  })

  test('an own summary stays, whatever its age; of those of others the newer one stays', async () => {
    const { root, remote } = repoWithRemote()
    const [other, third] = [cloneOf(remote), cloneOf(remote)]
    await think(root, { at: AT, says: 'Older words' })
    await told(root, 'push')
    await told(third, 'pull')
    await think(other, { at: AT + 1000, says: 'Newer words' })
    expect(await told(other, 'push')).toMatchObject({ added: { rows: 4 }, store: { rows: 4 } })
    expect(await told(root, 'pull')).toMatchObject({ taken: { file: 0 }, known: 4 })
    expect(notes(root)['src/price.ts']).toEqual(['Older words of src/price.ts.', null])
    await told(third, 'pull')
    expect(notes(third)['src/price.ts']).toEqual(['Newer words of src/price.ts.', ...OWN])
    expect(await told(root, 'push')).toMatchObject({ added: { rows: 0 } }) // older ones are not put over newer ones
  })

  test('each push adds one pack with only what is lacking; many packs are joined, and old versions go', async () => {
    const { root, remote } = repoWithRemote()
    await think(root)
    await told(root, 'push')
    write(root, 'src/vat.ts', 'export const vat = 1\n')
    await think(root)
    const second = await told(root, 'push')
    expect(second).toMatchObject({ added: { packs: 1 }, compacted: null, store: { packs: 2 } })
    expect(second.added.rows).toBeLessThanOrEqual(2)
    const newest = async (at: number) => {
      await think(root, { at, says: `At ${at}` })
      return told(root, 'push')
    }
    let joined = null
    for (let i = 1; i <= 4 && !joined; i++) joined = (await newest(AT + i)).compacted
    expect(joined).toMatchObject({ dropped: 0 })
    expect(linesIn(remote)).toHaveLength(new Set(linesIn(remote)).size)
    expect(sh(remote, 'rev-list', '--count', REF).trim()).toBe('1') // what is old can be collected
    expect(sh(remote, 'fsck', '--strict', '--no-dangling')).toBe('')
  })

  test('when packs are joined, rows go that are old and that no branch asks for', async () => {
    const { root, remote } = repoWithRemote()
    await repose(root, ['index'])
    const [now, day] = [Date.now(), 86_400_000]
    const row = (source: string, days: number) =>
      nameRow(
        { kind: 'summary', of: 'symbol', source, prompt: 1, model: 'm', at: now - days * day, body: { does: 'Adds' } },
        now,
      )
    const inUse = withStore(root, (store, worktree) => store.facts.definitions(worktree)[0]![2])
    const lasting = [row('a'.repeat(16), 10), row(inUse, 100)]
    await onRemote(root, async (store) => {
      const { signal } = new AbortController()
      const options = { signal, now, isDry: false, isKept: async () => () => true }
      const each = [...lasting, row('b'.repeat(16), 100)]
      for (let i = 10; i < 28; i++) await pushRows(store, [...each, row(`${i}`.padStart(16, 'c'), 1)], options)
    })
    expect(linesIn(remote)).toHaveLength(21)
    for (let i = 0; i < 3; i++) {
      await think(root, { model: `model-${i}` })
      const { compacted } = await told(root, 'push')
      if (i < 2) expect(compacted).toBeNull()
      else expect(compacted).toMatchObject({ packs: 20, dropped: 1 })
    }
    const text = linesIn(remote).join('\n')
    expect(text).toContain('a'.repeat(16))
    expect(text).toContain(inUse)
    expect(text).not.toContain('b'.repeat(16))
  }, 60_000)
})

async function onRemote<T>(
  root: string,
  work: (remote: Awaited<ReturnType<typeof openStoreRemote>>) => Promise<T>,
): Promise<T> {
  const repo = await openRepo(root)
  const remote = await openStoreRemote(repo, await remoteNamed(root, undefined), REF, new AbortController().signal)
  try {
    return await work(remote)
  } finally {
    await remote.close()
  }
}
