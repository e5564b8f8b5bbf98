import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { beforeEach, describe, expect, test } from 'vitest'
import { takeRows } from '../../agents/team/take-rows.ts'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import type { StoreRemote } from '../../src/repo/store-remote.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { fileSourceHash } from '../../src/summary/source-hash.ts'
import { linesOf, packsOf } from '../../src/team/pack.ts'
import { checkLines, readStore } from '../../src/team/read-store.ts'
import { type NamedRow, nameRow } from '../../src/team/row.ts'
import { requestHash } from '../../src/team/rows-of-store.ts'
import { isWindows } from '../helpers/platform.ts'
import { madeOnceNow } from '../helpers/shared-folder.ts'
import { scratchFolder, scratchRepo, sh, write } from '../repo/scratch-repo.ts'
import { runHere } from './run-here.ts'

const FILES = { 'src/price.ts': 'export const price = 1\n', 'src/order.ts': "import { price } from './price'\n" }
const REF = 'refs/repose/store'
const ABOUT = '{"format": "repose store", "version": 1}\n'
const NOW = Date.now()

/** A repository, and an empty one that is its remote. */
function withRemote(): { root: string; remote: string } {
  const empty = madeOnceNow('store-remote', (folder) => sh(folder, 'init', '-q', '--bare', '-b', 'main'))
  const remote = join(scratchFolder(), 'remote.git')
  cpSync(empty, remote, { recursive: true })
  const root = scratchRepo(FILES)
  appendFileSync(join(root, '.git/config'), `[remote "origin"]\n\turl = ${remote}\n${FETCH}`)
  return { root, remote }
}
const FETCH = '\tfetch = +refs/heads/*:refs/remotes/origin/*\n'

type Tree = Readonly<Record<string, string | Buffer>>

describe.skipIf(isWindows)('a store that somebody else filled', () => {
  let root: string
  let remote: string
  let priceSource: string
  beforeEach(() => {
    ;({ root, remote } = withRemote())
    priceSource = fileSourceHash(sh(root, 'rev-parse', 'HEAD:src/price.ts').trim(), 'typescript')
  })

  const inRemote = (args: readonly string[], input: string | Buffer = '') =>
    execFileSync('git', args, { cwd: remote, input, encoding: 'utf8' }).trim()

  /** Makes the ref of the store name a commit with these files, by one git process. more: lines of `git fast-import` that add to its tree. */
  function plant(files: Tree, more: readonly string[] = []): string {
    const marks = new Map<string | Buffer, number>()
    const parts: (string | Buffer)[] = []
    const add = (kind: string, content: string | Buffer) => {
      parts.push(`${kind}\ndata ${Buffer.byteLength(content)}\n`, content, '\n')
    }
    for (const content of new Set(Object.values(files))) {
      marks.set(content, marks.size + 2)
      add(`blob\nmark :${marks.get(content)}`, content)
    }
    add(`commit ${REF}\nmark :1\ncommitter x <x@y.z> ${Math.floor(NOW / 1000)} +0000`, 'x')
    parts.push('deleteall\n')
    for (const [path, content] of Object.entries(files)) parts.push(`M 100644 :${marks.get(content)} ${path}\n`)
    parts.push(...more.map((line) => `${line}\n`), 'get-mark :1\n')
    const input = Buffer.concat(parts.map((part) => Buffer.from(part)))
    return inRemote(['fast-import', '--quiet', '--force'], input)
  }

  /** A store of lines, whatever they say. */
  function plantLines(lines: readonly string[]): string {
    const packs = packsOf(lines).map(({ name, bytes }) => [`packs/${name}.jsonl.br`, bytes])
    return plant({ 'store.json': ABOUT, ...Object.fromEntries(packs) })
  }

  const noted = (purpose: string) => ({ purpose, changesWith: '', watchOut: '', concepts: [], symbols: [] })
  const row = (more: object = {}) => ({
    ...{ kind: 'summary', of: 'file', source: priceSource, prompt: 1, model: 'm', at: NOW - 1000 },
    ...{ body: noted('Holds the price.'), ...more },
  })
  const lineOf = (more: object = {}) => nameRow(row(more), NOW).line
  /** A line with the hash of what it says, whatever that is. */
  const forged = (value: object) => {
    const json = JSON.stringify(value)
    return `{"hash":"${createHash('sha256').update(json).digest('hex')}",${json.slice(1)}`
  }

  async function pull(): Promise<{
    taken: Record<string, number>
    refused: Record<string, number>
    known: number
    notAsked: number
  }> {
    return JSON.parse((await runHere(root, 'pull', '--json')).said)
  }
  function look<T>(work: (store: Store, worktree: number) => T): T {
    const store = openStore(join(root, '.git/repose/repose.db'))
    try {
      return work(store, store.facts.worktree(root).id)
    } finally {
      store.close()
    }
  }
  const kept = () => look((store) => store.summaries.written(false))

  test('takes a good row', async () => {
    plantLines([lineOf()])
    expect(await pull()).toMatchObject({ taken: { file: 1 }, refused: {} })
    expect(kept()).toMatchObject([{ origin: 'remote origin', body: noted('Holds the price.') }])
  })

  test.each<[string, () => string, RegExp]>([
    ['the hash of another row', () => lineOf().replace('Holds', 'Sells'), /another content than its hash/],
    ['no hash', () => JSON.stringify(row()), /another content than its hash/],
    ['more fields than a row has', () => forged({ ...row(), run: 'rm -rf /' }), /another shape/],
    [
      'a prototype',
      () => forged(row()).replace('"kind"', '"__proto__":{"x":1},"kind"'),
      /another shape|another content/,
    ],
    ['a body of another shape', () => forged({ ...row(), body: { purpose: 7 } }), /another shape/],
    ['no body', () => forged({ ...row(), body: null }), /another shape/],
    ['a kind that there is not', () => forged({ ...row(), kind: 'hook' }), /another shape/],
    ['a line of a megabyte', () => forged({ ...row(), body: noted('x'.repeat(1_000_000)) }), /larger than 64 kB/],
    ['brackets without an end', () => `${'['.repeat(30_000)}`, /no JSON/],
    ['no JSON', () => 'rows: []', /no JSON/],
    ['a time in ten years', () => forged({ ...row(), at: NOW + 3e11 }), /in the future/],
    ['a time that is no number', () => forged({ ...row(), at: '9' }), /another shape/],
    [
      'characters that steer a terminal',
      () => forged(row({ body: noted('\u001b]0;x\u0007 price') })),
      /hidden|another/,
    ],
    ['letters that run backwards', () => forged(row({ body: noted('Holds \u202eecirp') })), /hidden characters/],
    ['the name of no model', () => forged({ ...row(), model: 'none' }), /another shape/],
    ['a path as the name of its model', () => forged({ ...row(), model: '/home/ada/x.gguf' }), /another shape/],
    ['a source that is no hash', () => forged({ ...row(), source: `${'a'.repeat(63)}%` }), /no source hash/],
    [
      'a token',
      () => lineOf({ body: noted(`Logs in with ${'ghp_'}${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}.`) }),
      /looks like it holds a secret/,
    ],
  ])('refuses a row with %s, and takes the others', async (_, bad, why) => {
    plantLines([bad(), lineOf({ model: 'good' })])
    const { taken, refused } = await pull()
    expect(taken).toMatchObject({ file: 1 })
    expect(Object.keys(refused)).toEqual([expect.stringMatching(why)])
    expect(kept().map(({ model }) => model)).toEqual(['good'])
  })

  test('cuts texts to the size that a model may write', async () => {
    plantLines([forged({ ...row(), body: noted('very '.repeat(400)) })])
    const { refused } = await pull()
    expect(Object.keys(refused)).toEqual(['row: another content than its hash names'])
    expect(kept()).toEqual([])
  })

  describe('packs', () => {
    const good = () => packsOf([lineOf()])[0]!
    const name = (text: Buffer | string) => createHash('sha256').update(text).digest('hex')

    test('that unpack to more than a store may hold are not unpacked', async () => {
      const bomb = Buffer.alloc(80_000_000, 'a')
      const { name: goodName, bytes } = good()
      plant({
        'store.json': ABOUT,
        [`packs/${name(bomb)}.jsonl.br`]: brotliCompressSync(bomb),
        [`packs/${goodName}.jsonl.br`]: bytes,
      })
      const before = process.memoryUsage().arrayBuffers
      const { taken, refused } = await pull()
      expect(taken).toMatchObject({ file: 1 })
      expect(refused).toEqual({ 'pack: it unpacks to more than a store may hold': 1 })
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000)
    })

    test.each<[string, () => Tree]>([
      ['of another content than their name', () => ({ [`packs/${'0'.repeat(64)}.jsonl.br`]: good().bytes })],
      ['that are cut off', () => ({ [`packs/${'1'.repeat(64)}.jsonl.br`]: good().bytes.subarray(0, 40) })],
      ['that are no packs', () => ({ [`packs/${'2'.repeat(64)}.jsonl.br`]: 'hello' })],
      ['that are empty', () => ({ [`packs/${'3'.repeat(64)}.jsonl.br`]: '' })],
    ])('%s are refused, and the next push leaves them out', async (_, files) => {
      const { name: goodName, bytes } = good()
      plant({ 'store.json': ABOUT, ...files(), [`packs/${goodName}.jsonl.br`]: bytes })
      const { taken, refused } = await pull()
      expect(taken).toMatchObject({ file: 1 })
      expect(Object.values(refused)).toEqual([1])
      const { compacted } = JSON.parse((await runHere(root, 'push', '--json')).said)
      expect(compacted).toMatchObject({ packs: 2, dropped: 0 })
      expect(inRemote(['ls-tree', '-r', '--name-only', REF]).split('\n')).toHaveLength(2)
    })

    test('of short lines are refused before their lines are looked at', async () => {
      const [lines, blank] = ['x\n'.repeat(200_000), '\n'.repeat(400_000)]
      plant({
        'store.json': ABOUT,
        ...Object.fromEntries([lines, blank].map((text) => [`packs/${name(text)}.jsonl.br`, brotliCompressSync(text)])),
      })
      expect((await pull()).refused).toEqual({ 'pack: its lines are too short for rows': 2 })
    })

    test('without a row use up the limit too, and Ctrl-C ends the reading', async () => {
      const text = brotliCompressSync(Buffer.alloc(8_000_000, '0'))
      const room = { left: 20_000_000 }
      expect(() => linesOf('0'.repeat(64), text, room)).toThrow(/not what its name says/)
      expect(() => linesOf('0'.repeat(64), text, room)).toThrow(/not what its name says/)
      expect(() => linesOf('0'.repeat(64), text, room)).toThrow(/more than a store may hold/)
      const files = Array.from({ length: 40 }, (_, i) => String(i).padStart(64, '0')).map((one) => ({
        ...{ path: `packs/${one}.jsonl.br`, blob: one, bytes: text.length },
      }))
      const about = { path: 'store.json', blob: 'a', bytes: ABOUT.length }
      const held = {
        ...{ name: 'origin', ref: REF, fetch: async () => '1'.repeat(40), forget: async () => {} },
        files: async () => ({ files: [about, ...files], others: 0 }),
        async *read(some: readonly { blob: string }[]) {
          for (const { blob } of some) yield blob === 'a' ? Buffer.from(ABOUT) : text
        },
      } as unknown as StoreRemote
      const stop = new AbortController()
      setTimeout(() => stop.abort(new Error('stopped')), 1)
      await expect(readStore(held, NOW, stop.signal)).rejects.toThrow('stopped')
    })

    test('of rows without number end at Ctrl-C', async () => {
      const lines = Array(400_000).fill(lineOf())
      const stop = new AbortController()
      setTimeout(() => stop.abort(new Error('stopped')), 50)
      await expect(checkLines(lines, NOW, stop.signal)).rejects.toThrow('stopped')
    })

    test('by the thousand are not all read', async () => {
      const many = Array.from({ length: 1000 }, (_, i) => [`packs/${String(i).padStart(64, '0')}.jsonl.br`, 'x'])
      plant({ 'store.json': ABOUT, ...Object.fromEntries(many) })
      expect(await pull()).toMatchObject({ refused: { 'a pack beyond the first 200': 800 } })
    })
  })

  test('links, submodules, programs and strange names in its tree are passed over', async () => {
    const { name, bytes } = packsOf([lineOf()])[0]!
    const strange = [
      'M 120000 inline link\ndata 11\n/etc/passwd',
      `M 160000 ${'1'.repeat(40)} module`,
      'M 100755 inline run.sh\ndata 11\n/etc/passwd',
    ]
    plant({ 'store.json': ABOUT, [`packs/${name}.jsonl.br`]: bytes, '--output=x': 'x' }, strange)
    expect(await pull()).toMatchObject({ taken: { file: 1 }, refused: { 'a file that is no pack': 4 } })
    expect(sh(root, 'status', '--porcelain')).toBe('')
  })

  test('a ref that is no store is neither read nor written', async () => {
    sh(root, 'push', '-q', 'origin', `HEAD:${REF}`)
    const before = inRemote(['rev-parse', REF])
    for (const command of ['pull', 'push'])
      await expect(runHere(root, command)).rejects.toThrow(/is no store of repose/)
    expect(inRemote(['rev-parse', REF])).toBe(before)
  })

  test.each([
    ['a newer version', '{"format": "repose store", "version": 2}', /version 2, written by a newer repose/],
    ['no version', '{"format": "repose store"}', /no store of repose/],
    ['a version that is no number', '{"format": "repose store", "version": "1"}', /no store of repose/],
    ['much to say', `${' '.repeat(50_000)}{"format": "repose store", "version": 1}`, /no store of repose/],
    ['brackets without an end', '['.repeat(9000), /no store of repose/],
  ])('a store with %s is neither read nor written', async (_, about, why) => {
    const before = plant({ 'store.json': about })
    for (const command of ['pull', 'push']) await expect(runHere(root, command)).rejects.toThrow(why)
    expect(inRemote(['rev-parse', REF])).toBe(before)
  })

  test('a ref that names no commit ends in two lines', async () => {
    inRemote(['update-ref', REF, inRemote(['hash-object', '-w', '--stdin'], 'x')])
    await expect(runHere(root, 'pull')).rejects.toMatchObject({ name: expect.any(String), fix: expect.any(String) })
  })

  test('nothing that was written here is replaced, and nothing newer by something older', async () => {
    const repo = await openRepo(root)
    const store = openStore(join(root, '.git/repose/repose.db'))
    const { worktree } = await refreshFacts(repo, store, { maxFileBytes: 1_000_000, maxCommits: 10, processes: 1 })
    const key = { kind: 'file', sourceHash: priceSource, promptVersion: 1 }
    const own = { ...key, model: 'm', body: noted('Own words.'), writtenAt: 5 }
    store.summaries.save('src/price.ts', own)
    store.close()
    expect(worktree).toBe(1)
    plantLines([lineOf({ body: noted('Other words.') }), lineOf({ model: 'n', at: 100, body: noted('Newer.') })])
    expect(await pull()).toMatchObject({ taken: { file: 1 }, known: 1 })
    plantLines([lineOf({ model: 'n', at: 90, body: noted('Older.') })])
    expect(await pull()).toMatchObject({ taken: { file: 0 }, known: 1 })
    expect(kept().map(({ body }) => (body as { purpose: string }).purpose)).toEqual(['Own words.', 'Newer.'])
    expect(look((all) => all.summaries.freshFromModel('file', priceSource))).toMatchObject({ origin: null })
    expect(look((all) => all.summaries.latest('src/price.ts', 'file'))).toMatchObject({ origin: null })
  })

  test('of a thousand summaries of one content four are taken, and of contents that are not here none', async () => {
    const flood = Array.from({ length: 1000 }, (_, i) => lineOf({ model: `m${i}`, at: NOW - i }))
    const foreign = Array.from({ length: 1000 }, (_, i) => lineOf({ source: String(i).padStart(64, '0') }))
    plantLines([...flood, ...foreign])
    expect(await pull()).toMatchObject({ taken: { file: 4 }, notAsked: 1996 })
    expect(kept()).toHaveLength(4)
  })

  describe('rows of many models', () => {
    const files = Array.from({ length: 12 }, (_, i) => `src/file${i}.ts`)
    const sourceOf = (path: string) => fileSourceHash(sh(root, 'rev-parse', `HEAD:${path}`).trim(), 'typescript')

    /** Takes rows into a store. watch: called before each of these two functions of it. */
    async function take(rows: readonly NamedRow[], watch: (name: 'find' | 'take', stop: AbortController) => void) {
      await runHere(root, 'index')
      const store = openStore(join(root, '.git/repose/repose.db'))
      const stop = new AbortController()
      const { find, take: takeOne } = store.summaries
      const summaries: Store['summaries'] = {
        ...store.summaries,
        find(key) {
          watch('find', stop)
          return find(key)
        },
        take(row) {
          watch('take', stop)
          return takeOne(row)
        },
      }
      try {
        return await takeRows(rows, new Map(), {
          ...{ root, store: { ...store, summaries }, worktree: store.facts.worktree(root).id, origin: 'import' },
          ...{ isAll: true, now: NOW, signal: stop.signal, isDry: false },
        })
      } finally {
        store.close()
      }
    }

    test('do not cost a look at all files for each model', async () => {
      for (const path of files) write(root, path, `export const x = '${path}'\n`)
      sh(root, 'add', '-A')
      sh(root, 'commit', '-q', '-m', 'Add files')
      const rows = files.flatMap((path, i) =>
        [0, 1, 2, 3].flatMap((k) => {
          const model = `m${i}-${k}`
          const body = { purpose: 'x', parts: [], howToExtend: '', names: [] }
          const folder = { of: 'module', source: `${String(i * 4 + k).padStart(64, '0')}-${'0'.repeat(16)}`, body }
          return [row({ source: sourceOf(path), model }), row({ ...folder, model })].map((one) => nameRow(one, NOW))
        }),
      )
      let looks = 0
      const { taken } = await take(rows, (name) => {
        if (name === 'find') looks++
      })
      expect(taken).toMatchObject({ file: 48, module: 48 })
      expect(looks).toBeLessThan(48 * files.length * 0.5)
    })

    test('end at Ctrl-C while they are taken, and none is saved', async () => {
      const rows = Array.from({ length: 30_000 }, (_, i) => nameRow(row({ source: String(i).padStart(64, '0') }), NOW))
      let isFirst = true
      const taking = take(rows, (_, stop) => {
        if (isFirst) setTimeout(() => stop.abort(new Error('stopped')), 0)
        isFirst = false
      })
      await expect(taking).rejects.toThrow('stopped')
      expect(kept()).toEqual([])
    })
  })

  test('a file of short lines is no list of rows', async () => {
    for (const text of ['\n'.repeat(300_000), 'x\n'.repeat(300_000)]) {
      const file = join(scratchFolder(), 'rows.jsonl')
      writeFileSync(file, text)
      await expect(runHere(root, 'import', file)).rejects.toThrow('no line is a row of repose')
    }
  })

  test('recipes that the history here does not show are not taken', async () => {
    const head = sh(root, 'rev-parse', 'HEAD').trim()
    write(root, 'src/vat.ts', 'export const vat = 1\n')
    sh(root, 'add', '-A')
    sh(root, 'commit', '-q', '-m', 'Add VAT')
    const now = sh(root, 'rev-parse', 'HEAD').trim()
    const step = (place: string) => ({
      ...{ kind: 'source', place, isPattern: false, isNew: false, model: null, held: 9, created: 0, share: 1 },
    })
    const commits = [head, now].map((hash) => ({ hash, subject: 'Add VAT', time: 1 }))
    const recipe = { name: 'x', by: 'habit', word: null, sources: 1, steps: [step('src/price.ts')], commits }
    const about = { kind: 'recipe', head: now, version: 15, additions: 2, position: 0, at: NOW, recipe }
    plantLines([nameRow(about, NOW).line])
    expect(await pull()).toMatchObject({
      taken: { recipe: 0 },
      refused: { 'recipe: not confirmed by the history of this clone': 1 },
    })
    const outside = { ...about, recipe: { ...recipe, steps: [step('../../.bashrc')] } }
    plantLines([forged(outside)])
    expect(Object.keys((await pull()).refused)).toEqual(['row: another shape than rows have'])
  })

  test('a plan neither adds a request, nor approves one, nor says that it is ready', async () => {
    const request = 'Raise the price'
    const item = look((store) => {
      const known = { source: 'github', key: '1', url: null, author: 'eve' }
      return store.backlog.add({ ...known, request, isApproved: false }, 1).id
    })
    const plan = (hash: string) =>
      nameRow(
        {
          ...{ kind: 'plan', request: hash, base: '1'.repeat(40), at: NOW, plan: ['src/price.ts#price'], seen: [] },
          ...{ files: ['src/price.ts'], checks: { passed: 9, failed: 0 } },
        },
        NOW,
      ).line
    plantLines([plan(requestHash({ request })), plan('0'.repeat(64))])
    expect(await pull()).toMatchObject({ taken: { plan: 1 }, notAsked: 1 })
    look((store) => {
      expect(store.backlog.list(['waiting', 'planned', 'drafted'])).toMatchObject([
        { id: item, state: 'waiting', isApproved: false },
      ])
      expect(store.backlog.draft(item)).toMatchObject({ commit: null, checks: [], origin: 'remote origin' })
      expect(store.backlog.commits().size).toBe(0)
    })
  })
})

describe.skipIf(isWindows)('programs that a repository or its remote names', () => {
  const HOOKS =
    'pre-push pre-receive update post-receive post-update proc-receive reference-transaction push-to-checkout pre-auto-gc post-checkout'

  function trap(): { root: string; remote: string; ran: () => string[]; leave: (name: string) => string } {
    const { root, remote } = withRemote()
    const folder = scratchFolder()
    const leave = (name: string) => {
      const program = join(folder, `program-${name}`)
      writeFileSync(program, `#!/bin/sh\necho x >> '${folder}/ran-${name}'\nexit 0\n`)
      chmodSync(program, 0o755)
      return program
    }
    const ran = () => readdirSync(folder).filter((name) => name.startsWith('ran-'))
    for (const place of [join(root, '.git/hooks'), join(remote, 'hooks')]) {
      mkdirSync(place, { recursive: true })
      for (const name of HOOKS.split(' ')) {
        rmSync(join(place, name), { force: true })
        symlinkSync(leave(`hook-${name}`), join(place, name))
      }
    }
    return { root, remote, ran, leave }
  }

  /** Something to push, so that nothing ends early. */
  async function think(root: string): Promise<void> {
    await runHere(root, 'index')
    const store = openStore(join(root, '.git/repose/repose.db'))
    const source = fileSourceHash(sh(root, 'rev-parse', 'HEAD:src/price.ts').trim(), 'typescript')
    const body = { purpose: 'Holds the price.', changesWith: '', watchOut: '', concepts: [], symbols: [] }
    store.summaries.save('src/price.ts', {
      ...{ kind: 'file', sourceHash: source, promptVersion: 1, model: 'm', body, writtenAt: NOW },
    })
    store.close()
  }

  test('hooks and settings of both are not run by a push and a pull', async () => {
    const { root, remote, ran, leave } = trap()
    for (const name of [
      'core.sshCommand',
      'core.fsmonitor',
      'core.askPass',
      'core.gitProxy',
      'core.editor',
      'core.pager',
    ])
      sh(root, 'config', name, leave(name))
    for (const name of ['credential.helper', 'alias.push', 'alias.fetch', 'alias.remote'])
      sh(root, 'config', name, `!${leave(name)}`)
    sh(root, 'config', 'remote.origin.uploadpack', leave('uploadpack'))
    sh(root, 'config', 'remote.origin.receivepack', leave('receivepack'))
    sh(root, 'config', 'uploadpack.packObjectsHook', leave('packObjectsHook'))
    sh(root, 'config', 'gpg.program', leave('gpg'))
    sh(root, 'config', 'commit.gpgSign', 'true')
    sh(root, 'config', 'push.gpgSign', 'true')
    sh(remote, 'config', 'core.alternateRefsCommand', leave('alternateRefs'))
    sh(remote, 'config', 'gc.recentObjectsHook', leave('recentObjects'))
    sh(remote, 'config', 'core.fsmonitor', leave('remote-fsmonitor'))
    mkdirSync(join(remote, 'objects/info'), { recursive: true })
    writeFileSync(join(remote, 'objects/info/alternates'), `${join(root, '.git/objects')}\n`)
    await think(root)
    expect((await runHere(root, 'push')).said).toMatch(/added 1 row /)
    expect((await runHere(root, 'pull')).said).toMatch(/it holds 1 row /)
    expect(ran()).toEqual([])
    expect(sh(remote, 'for-each-ref', '--format=%(refname)').trim()).toBe(REF)
  })

  test.each([
    ['ext::', (program: string) => `ext::${program}`],
    ['a helper of its own', () => 'evil::x'],
    ['ssh', () => 'ssh://-oProxyCommand=touch/x'],
  ])('an address that names a program is not followed: %s', async (_, url) => {
    const { root, ran, leave } = trap()
    sh(root, 'config', 'remote.origin.url', url(leave('url')))
    sh(root, 'config', 'protocol.ext.allow', 'always')
    sh(root, 'config', 'protocol.allow', 'always')
    sh(root, 'config', 'remote.origin.vcs', 'evil')
    for (const command of ['pull', 'push'])
      await expect(runHere(root, command)).rejects.toMatchObject({ fix: expect.any(String) })
    expect(ran()).toEqual([])
  })

  test.each(['--upload-pack=x', '-x', 'nowhere'])('%j is no name of a remote', async (name) => {
    const { root } = trap()
    await expect(runHere(root, 'pull', `--remote=${name}`)).rejects.toThrow(/there is no remote/)
  })

  test('what came in the place of the cache is not followed', async () => {
    const { root } = trap()
    await think(root)
    const mine = scratchFolder()
    mkdirSync(join(root, '.git/repose'), { recursive: true })
    symlinkSync(mine, join(root, '.git/repose/store'))
    await expect(runHere(root, 'push')).rejects.toThrow(/is not a folder/)
    expect(readdirSync(mine)).toEqual([])
    rmSync(join(root, '.git/repose/store'))

    const cache = join(root, '.git/repose/store')
    mkdirSync(join(cache, 'objects/info'), { recursive: true })
    writeFileSync(join(cache, 'objects/info/alternates'), '/dev/zero\n')
    for (const known of ['--output=x', '1'.repeat(40), 'x'.repeat(2_000_000), sh(root, 'rev-parse', 'HEAD')]) {
      writeFileSync(join(cache, 'known'), known)
      expect((await runHere(root, 'pull')).said).toMatch(/there is no store|it holds/)
    }
    expect((await runHere(root, 'push')).said).toMatch(/added 1 row/)
  })

  test('damaged objects in the cache are fetched again', async () => {
    const { root } = trap()
    await think(root)
    await runHere(root, 'push')
    const objects = join(root, '.git/repose/store/objects')
    for (const folder of readdirSync(objects).filter((name) => name.length === 2))
      for (const name of readdirSync(join(objects, folder))) {
        chmodSync(join(objects, folder, name), 0o600)
        writeFileSync(join(objects, folder, name), 'x')
      }
    expect((await runHere(root, 'pull')).said).toMatch(/it holds 1 row /)
    expect(existsSync(join(root, '.git/repose/store/known'))).toBe(true)
  })

  test('a password in an address is not shown', async () => {
    const { root } = trap()
    sh(root, 'config', 'remote.origin.url', 'http://ada:Tr0ub4dor-and-3@127.0.0.1:1/x.git')
    const error = await runHere(root, 'pull').catch((one: Error & { fix: string }) => one)
    expect(error).toMatchObject({ message: expect.stringMatching(/origin cannot be reached/) })
    expect(JSON.stringify([(error as Error).message, (error as { fix: string }).fix])).not.toMatch(/Tr0ub/)
  })

  test('no secret, path, name or address of the user is in what is pushed', async () => {
    const { root, remote } = trap()
    sh(root, 'config', 'user.name', 'Grace Hopper')
    sh(root, 'config', 'user.email', 'grace@navy.example')
    await think(root)
    const store = openStore(join(root, '.git/repose/repose.db'))
    const save = (model: string, does: string) =>
      store.summaries.save('x', {
        ...{ kind: 'symbol', sourceHash: 'a'.repeat(16), promptVersion: 1, model, body: { does }, writtenAt: NOW },
      })
    save('a', `Reads ${root}/data for Grace Hopper <grace@navy.example>`)
    save('b', 'Reads /home/grace/notes and C:\\Users\\grace\\x and mails to ada@example.org')
    save('/home/grace/model.gguf', 'Adds')
    store.close()
    const run = await runHere(root, 'push')
    expect(run.said).toMatch(/added 3 rows/)
    expect(run.said).toMatch(/not sent: 1 \(another shape/)
    const name = sh(remote, 'ls-tree', '-r', '--name-only', REF)
      .split('\n')
      .find((one) => one.startsWith('packs/'))!
    const text = brotliDecompressSync(
      execFileSync('git', ['cat-file', 'blob', `${REF}:${name}`], { cwd: remote }),
    ).toString()
    const commit = sh(remote, 'cat-file', 'commit', REF)
    expect(`${text}${commit}`).not.toMatch(/grace|hopper|ada@|\/home|Users|gguf/i)
    expect(text).not.toContain(root)
    expect(commit).toMatch(/^author repose <repose@localhost> \d+ \+0000$/m)
    expect(text).toMatch(/\[path left out\] for \[name left out\]/)
  })
})
