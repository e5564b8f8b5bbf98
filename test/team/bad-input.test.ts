import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { isWindows } from '../helpers/platform.ts'
import { type Run, runRepose } from '../helpers/run-repose.ts'
import { scratchFolder, scratchRepo, sh, userState } from '../repo/scratch-repo.ts'
import { cloneOf, FILES, notes, REF, repose, repoWithRemote, think, told } from './lab.ts'

const TWO_LINES = /^error: [^\n]+\nfix: {3}[^\n]+\n$/

function expectTwoLines(run: Run, code: number, what: RegExp): void {
  expect(run.stderr).toMatch(TWO_LINES)
  expect(run.stderr).toMatch(what)
  expect(run.code).toBe(code)
}

describe.skipIf(isWindows)('push and pull', () => {
  test('without a remote say so', async () => {
    const root = scratchRepo(FILES)
    for (const command of ['push', 'pull'])
      expectTwoLines(await repose(root, [command]), 2, /has no remote.*\n.*git remote add/)
  })

  test('with several remotes ask which one, if neither the branch nor origin tells', async () => {
    const { root, remote } = repoWithRemote()
    sh(root, 'remote', 'rename', 'origin', 'one')
    sh(root, 'branch', '--unset-upstream')
    sh(root, 'remote', 'add', 'two', remote)
    expectTwoLines(await repose(root, ['pull']), 2, /which of 2 remotes.*\n.*--remote: one, two/)
    expect((await repose(root, ['pull', '--remote', 'two'])).code).toBe(0)
  })

  test('with a remote that is gone, or that is no repository', async () => {
    const { root } = repoWithRemote()
    for (const url of [join(scratchFolder(), 'gone'), pathToFileURL(scratchFolder()).href]) {
      sh(root, 'remote', 'set-url', 'origin', url)
      expectTwoLines(await repose(root, ['pull']), 1, /origin cannot be reached for refs\/repose\/store/)
    }
  })

  test('with a store that is not there yet', async () => {
    const { root, remote } = repoWithRemote()
    const pull = await repose(root, ['pull'])
    expect(pull).toMatchObject({ code: 0, stdout: 'there is no store on origin yet\n' })
    const push = await repose(root, ['push'])
    expect(push).toMatchObject({ code: 0, stderr: expect.stringMatching(/nothing to share yet/) })
    expect(sh(remote, 'for-each-ref', REF)).toBe('')
  })

  test('to a remote that refuses refs outside heads name the setting, and a branch works instead', async () => {
    const { root, remote } = repoWithRemote()
    sh(remote, 'config', 'transfer.hideRefs', 'refs/repose')
    await think(root)
    expectTwoLines(
      await repose(root, ['push']),
      1,
      /takes no push to refs\/repose\/store \(.*hidden ref.*\)\n.*receive\.hideRefs.*"store": \{"ref": "refs\/heads\/repose-store"\}/,
    )
    const config = { store: { ref: 'refs/heads/repose-store' } }
    expect(await repose(root, ['push'], config)).toMatchObject({ code: 0 })
    const clone = cloneOf(remote)
    expect((await repose(clone, ['pull'], config)).stdout).toMatch(/^took 4 summaries/)
    expectTwoLines(
      await repose(clone, ['pull'], { store: { ref: 'refs/heads/main' } }),
      1,
      /refs\/heads\/main of origin is no store/,
    )
  })

  test('a repository does not choose the ref', async () => {
    const { root } = repoWithRemote()
    writeFileSync(join(root, 'repose.config.json'), '{"store": {"ref": "refs/heads/main"}}')
    expectTwoLines(await repose(root, ['pull']), 2, /unknown key "store" \(set it in your own configuration/)
  })

  test('to a remote that cannot be written to', async () => {
    const { root, remote } = repoWithRemote()
    await think(root)
    if (process.getuid?.() === 0) sh(remote, 'config', 'receive.unpackLimit', '1') // root may write everywhere
    const objects = join(remote, 'objects')
    if (process.getuid?.() !== 0) chmodSync(objects, 0o500)
    else sh(root, 'remote', 'set-url', '--push', 'origin', 'http://127.0.0.1:1/x.git')
    const run = await repose(root, ['push'])
    chmodSync(objects, 0o700)
    expectTwoLines(run, 1, /gives no write access|cannot be reached/)
  })

  test('to a branch that takes only fast-forward pushes: joined packs have a parent, too', async () => {
    const { root, remote } = repoWithRemote()
    sh(remote, 'config', 'receive.denyNonFastForwards', 'true')
    const ref = 'refs/heads/repose-store'
    const push = async () => JSON.parse((await repose(root, ['push', '--json'], { store: { ref } })).stdout)
    let compacted = null
    for (let at = 1; at <= 4 && !compacted; at++) {
      await think(root, { at: 1_700_000_000_000 + at, says: `Words ${at}` })
      compacted = (await push()).compacted
    }
    expect(compacted).not.toBeNull()
    expect(Number(sh(remote, 'rev-list', '--count', ref))).toBeGreaterThan(2)
    expect(await push()).toMatchObject({ added: { rows: 0 }, store: { packs: 1 } })
  })

  test('work in a shallow clone, at a detached HEAD, in a second worktree; nothing of git changes', async () => {
    const { root, remote } = repoWithRemote()
    await think(root)
    await told(root, 'push')
    const shallow = join(scratchFolder(), 'shallow')
    sh(scratchFolder(), 'clone', '-q', '--depth=1', pathToFileURL(remote).href, shallow)
    sh(shallow, 'checkout', '-q', '--detach')
    await repose(shallow, ['index'])
    const before = userState(shallow)
    expect(await told(shallow, 'pull')).toMatchObject({ taken: { file: 2, symbol: 2 } })
    await think(shallow, { model: 'other' })
    expect(await told(shallow, 'push')).toMatchObject({ added: { rows: 4 } })
    expect(userState(shallow)).toEqual(before)

    const second = join(scratchFolder(), 'second')
    sh(shallow, 'worktree', 'add', '-q', '--detach', second)
    expect(await told(second, 'pull')).toMatchObject({ taken: { file: 0 }, known: 8 })
    expect(Object.keys(notes(shallow))).toHaveLength(2)
  })

  test('in a bare repository, and before the first commit, say what is missing', async () => {
    const { remote } = repoWithRemote()
    expectTwoLines(await repose(remote, ['pull']), 2, /is a bare repository/)
    const empty = scratchFolder()
    sh(empty, 'init', '-q')
    expectTwoLines(await repose(empty, ['push']), 2, /no commits yet/)
  })

  test('interrupted at any time leave both sides whole', async () => {
    const { root, remote } = repoWithRemote()
    await think(root)
    for (const ms of [200, 500, 900]) {
      const run = await runRepose(['push'], {
        cwd: root,
        during: (child) => void setTimeout(ms).then(() => child.kill('SIGINT')),
      })
      expect([0, 130, null]).toContain(run.code) // null: Node itself was still starting
    }
    expect(sh(remote, 'fsck', '--strict', '--no-dangling')).toBe('')
    await told(root, 'push')
    expect(await told(root, 'push')).toMatchObject({ store: { rows: 4 } })
  })
})

describe('export and import', () => {
  test('pass on the same rows; the same state gives the same bytes, and a second import changes nothing', async () => {
    const { root, remote } = repoWithRemote()
    await think(root)
    const [one, two] = [await repose(root, ['export', 'jsonl']), await repose(root, ['export', 'jsonl'])]
    expect(one.stdout).toBe(two.stdout)
    expect(one.stdout.trim().split('\n')).toHaveLength(4)
    const clone = cloneOf(remote)
    const file = join(scratchFolder(), 'rows.jsonl')
    writeFileSync(file, one.stdout)
    expect((await repose(clone, ['import', file])).stdout).toMatch(/^took 4 summaries \(2 files, 2 definitions\) from /)
    expect(notes(clone)['src/price.ts']).toEqual(['Keeps the price of src/price.ts.', 'import'])
    const again = await repose(clone, ['import', '-'], undefined, one.stdout)
    expect(again).toMatchObject({ code: 0, stdout: 'nothing new for the files here in standard input\n' })
    expect((await repose(clone, ['export', 'jsonl'])).stdout).toBe(one.stdout)
  })

  test('damaged lines are left out, and a file without rows is none', async () => {
    const { root } = repoWithRemote()
    await think(root)
    const { stdout } = await repose(root, ['export', 'jsonl'])
    const cut = stdout.slice(0, -40)
    const { root: other } = repoWithRemote()
    const run = await repose(other, ['import', '-'], undefined, cut)
    expect(run.stdout).toMatch(/^took 3 summaries/)
    expect(run.stderr).toMatch(/refused: 1 \(row: no JSON\)/)
    expectTwoLines(
      { ...(await repose(other, ['import', '-', '--json'], undefined, '[{"title": "x"}]\n')), stdout: '' },
      2,
      /no line is a row of repose/,
    )
    expectTwoLines(await repose(other, ['export', 'xml']), 2, /xml/)
  })
})
