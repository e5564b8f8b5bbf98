import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { forgetAllDrafts, forgetDraft, nameDraft, repairDraftRefs, standingOf } from '../../src/repo/drafts.ts'
import { mergeDiff } from '../../src/repo/merge-diff.ts'
import { openStore } from '../../src/store/open-store.ts'
import { isWindows } from '../helpers/platform.ts'
import { read, scratchFolder, scratchRepo, sh, write } from '../repo/scratch-repo.ts'
import { runHere } from './run-here.ts'

const letters = (first: string, last: string) => `${first}\nb\nc\n${last}\n`

describe.skipIf(isWindows)('drafts that came with a git folder of others', () => {
  let root: string
  let at: string
  let base: string
  let commit: string
  beforeEach(() => {
    root = scratchRepo({ 'a.txt': letters('a', 'd') })
    base = head()
    commit = committed('a.txt', letters('A', 'd'))
    sh(root, 'reset', '-q', '--hard', base)
    at = join(scratchFolder(), 'ran')
  })

  const head = () => sh(root, 'rev-parse', 'HEAD').trim()
  function committed(path: string, text: string): string {
    write(root, path, text)
    sh(root, 'add', '-A', '-f')
    sh(root, 'commit', '-q', '-m', 'Change it')
    return head()
  }
  /** Adds an item with a draft to the database, as an archive may hold it. */
  function plant(request: string, draft: { readonly base: string; readonly commit: string }): void {
    const store = openStore(join(root, '.git/repose/repose.db'))
    const known = { source: 'hand', key: 'k', url: null, author: null }
    const { id } = store.backlog.add({ ...known, request, isApproved: true }, 1)
    const lists = { files: ['a.txt'], plan: [], seen: [], checks: [], cage: null, notes: [] }
    store.backlog.saveDraft({ item: id, madeAt: 1, ...draft, ...lists }, 'drafted', 1)
    store.close()
  }

  test.each(['merge.evil.driver', 'merge.default'])('no program of %s merges them, or an older result', async (key) => {
    committed('a.txt', letters('a', 'D'))
    committed('.gitattributes', '* merge=evil\n')
    sh(root, 'config', 'merge.evil.driver', `touch ${at}; false`)
    if (key === 'merge.default') {
      committed('.gitattributes', '\n')
      sh(root, 'config', key, 'evil')
    }
    const standing = await standingOf(root, { base, commit }, [], head())
    expect(standing).toMatchObject({ kind: 'fits', isMoved: true })
    const diff = sh(root, 'diff', '--full-index', base, commit)
    expect(await mergeDiff(root, diff)).toMatchObject({ diff: expect.stringContaining('+A') })
    expect(existsSync(at)).toBe(false)
  })

  test('no program fetches what they lack', async () => {
    const settings = {
      'core.repositoryFormatVersion': '1',
      'extensions.partialClone': 'origin',
      'remote.origin.promisor': 'true',
      'remote.origin.url': `ext::sh -c touch% ${at}`,
      'protocol.ext.allow': 'always',
    }
    for (const [key, value] of Object.entries(settings)) sh(root, 'config', key, value)
    const gone = { base: '1'.repeat(40), commit: '2'.repeat(40) }
    expect(await standingOf(root, gone, [], base)).toEqual({ kind: 'lost' })
    expect(existsSync(at)).toBe(false)
  })

  test('a draft that is a symbolic ref moves and deletes no branch', async () => {
    const link = () => sh(root, 'symbolic-ref', 'refs/repose/drafts/1', 'refs/heads/main')
    for (const step of [
      () => nameDraft(root, 1, commit),
      () => repairDraftRefs(root, new Map([[1, commit]])),
      () => forgetDraft(root, 1),
      () => forgetAllDrafts(root),
    ]) {
      link()
      await step()
      expect(sh(root, 'rev-parse', 'refs/heads/main').trim()).toBe(base)
    }
  })

  test.each(['base', 'commit'] as const)('an option as its %s reaches no git', async (side) => {
    const mine = join(scratchFolder(), 'mine')
    writeFileSync(mine, 'mine')
    plant('Raise the letter', { base, commit, [side]: `--output=${mine}` })
    for (const args of [['backlog'], ['backlog', 'show', '1'], ['backlog', 'apply', '1', '--yes'], ['status']])
      await expect(runHere(root, ...args)).rejects.toThrow(/names no commit/)
    const store = openStore(join(root, '.git/repose/repose.db'))
    if (side === 'commit') expect(() => store.backlog.commits()).toThrow(/names no commit/)
    store.close()
    expect(readFileSync(mine, 'utf8')).toBe('mine')
  })

  test.each([
    ['drafts', '../heads'],
    ['drafts', 'outside'],
    ['', 'heads'],
    ['drafts/x', '../../heads'],
  ])('a link in the place of the folder of refs (%s to %s) deletes no branch and no file', async (place, to) => {
    const outside = scratchFolder()
    writeFileSync(join(outside, '1'), `${base}\n`)
    for (const name of ['1', '1.0', 'drafts/1', `1.${base}`]) sh(root, 'branch', name)
    const before = sh(root, 'for-each-ref', 'refs/heads')
    const folder = join(root, '.git/refs/repose', place)
    mkdirSync(dirname(folder), { recursive: true })
    symlinkSync(to === 'outside' ? outside : to, folder)
    const work: (() => Promise<unknown>)[] = [
      () => forgetAllDrafts(root),
      () => forgetDraft(root, 1),
      () => nameDraft(root, 1, commit),
      () => repairDraftRefs(root, new Map([[1, commit]])),
    ]
    work.push(() => runHere(root, 'clean', '--yes'))
    for (const one of work) await one().catch((error) => expect(error).toBeInstanceOf(UserError))
    expect(sh(root, 'for-each-ref', 'refs/heads')).toBe(before)
    expect(readFileSync(join(outside, '1'), 'utf8')).toBe(`${base}\n`)
  })

  test('a million places that it was made from take no process each', async () => {
    const now = committed('a.txt', letters('a', 'D'))
    const seen = Array.from({ length: 1_000_000 }, (_, i) => `a.txt:1-${i + 1}`)
    expect(await standingOf(root, { base, commit }, seen, now)).toMatchObject({ kind: 'changed' })
    const few = Array.from({ length: 150 }, () => 'a.txt:1-2')
    expect(await standingOf(root, { base, commit }, few, now)).toMatchObject({ kind: 'fits' })
  }, 20_000)

  test('protected files change only if the words name them, or somebody who was told says yes', async () => {
    const npmrc = committed('.npmrc', 'script-shell=/tmp/x\n')
    sh(root, 'reset', '-q', '--hard', base)
    plant('Raise the letter', { base, commit: npmrc })
    for (const args of [
      ['implement', 'Raise the letter'],
      ['implement', '#1'],
      ['implement', 'Raise the letter', '--yes'],
      ['implement', '#1', '--yes', '--branch', 'x'],
      ['backlog', 'apply', '1'],
      ['backlog', 'apply', '1', '--branch', 'x'],
    ])
      await expect(runHere(root, ...args)).rejects.toThrow(/changes protected files .*\.npmrc/)
    expect(existsSync(join(root, '.npmrc'))).toBe(false)
    expect((await runHere(root, 'backlog', 'apply', '1', '--yes')).said).toMatch(/applied/)
    expect(read(root, '.npmrc')).toContain('script-shell')
  })

  test('a protected file that --allow names is changed', async () => {
    const npmrc = committed('.npmrc', 'script-shell=/tmp/x\n')
    sh(root, 'reset', '-q', '--hard', base)
    rmSync(join(root, '.npmrc'), { force: true })
    plant('Raise the letter', { base, commit: npmrc })
    expect((await runHere(root, 'implement', 'Raise the letter', '--allow', '.npmrc')).said).toMatch(/applied/)
  })

  test.each([
    '{"stop":"evil","content":"x","toolCalls":[]}',
    '{"stop":"failed","content":"x","toolCalls":[],"message":5}',
    '{"stop":"tools","content":"x","toolCalls":[null]}',
    '{"stop":"tools","content":"x","toolCalls":[{"id":1,"name":"x","arguments":"{}"}]}',
  ])('a reply that no endpoint gave and no run can use: %s', (reply) => {
    plant('Raise the letter', { base, commit })
    const store = openStore(join(root, '.git/repose/repose.db'))
    store.db.run('INSERT INTO night_reply (item, digest, reply) VALUES (1, ?, ?)', 'd', reply)
    expect(() => store.backlog.reply(1, 'd')).toThrow(/another value/)
    store.close()
  })
})
