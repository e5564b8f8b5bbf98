import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../src/assets.ts'
import { openStore } from '../src/store/open-store.ts'
import { fileSourceHash } from '../src/summary/source-hash.ts'

/**
 * How long a push and a pull of a whole team's store take, and how large it is.
 *
 * Usage: tsx bench/store.ts [SUMMARIES] (after npm run build)
 *
 * Makes a repository whose files and definitions have that many summaries (10,000), a bare remote, and clones; each command is a process of its
 * own on an indexed clone. Prints wall time and processor time, of each the median of three.
 */
const PER_FILE = 10 // summaries: one of the file, the others of its definitions
const RUNS = 3

const wanted = Number(process.argv[2] ?? 10_000)
const scratch = mkdtempSync(join(tmpdir(), 'repose-bench-store-'))
function main(): void {
  const root = join(scratch, 'work')
  const remote = join(scratch, 'remote.git')
  makeRepository(root, wanted / PER_FILE)
  git(scratch, 'init', '-q', '--bare', '-b', 'main', remote)
  git(root, 'remote', 'add', 'origin', remote)
  git(root, 'push', '-q', 'origin', 'main')
  repose(root, 'index')
  const written = think(root)
  const push = repose(root, 'push', '--json')
  const { added, store } = JSON.parse(push.stdout)
  const again = repose(root, 'push', '--json')
  const pulls = Array.from({ length: RUNS }, (_, i) => {
    const clone = join(scratch, `clone${i}`)
    git(scratch, 'clone', '-q', remote, clone)
    repose(clone, 'index')
    const first = repose(clone, 'pull', '--json')
    return { first, second: repose(clone, 'pull', '--json'), taken: JSON.parse(first.stdout).taken }
  })
  const bytes = openStoreBytes(root)
  console.log(`${written} summaries written, ${added.rows} rows pushed in ${store.packs} packs`)
  console.log(
    `store: ${store.bytes} bytes, ${Math.round(store.bytes / store.rows)} a row; the rows alone take ${bytes} bytes`,
  )
  console.log(`taken by a clone: ${JSON.stringify(pulls[0]!.taken)}`)
  say('push, first', [push])
  say('push, nothing new', [again])
  say(
    'pull, all',
    pulls.map(({ first }) => first),
  )
  say(
    'pull, nothing new',
    pulls.map(({ second }) => second),
  )
}

function makeRepository(root: string, files: number): void {
  mkdirSync(root)
  git(root, 'init', '-q', '-b', 'main')
  for (let i = 0; i < files; i++) {
    const folder = join(root, `src/part${i % 40}`)
    mkdirSync(folder, { recursive: true })
    const functions = Array.from(
      { length: PER_FILE - 1 },
      (_, n) => `export function task${i}Step${n}(input: number): number {\n  return input * ${i} + ${n}\n}\n`,
    )
    writeFileSync(join(folder, `task${i}.ts`), functions.join('\n'))
  }
  git(root, 'add', '-A')
  git(root, '-c', 'user.name=x', '-c', 'user.email=x@localhost', 'commit', '-q', '-m', 'Add tasks')
}

const WORDS =
  'keeps checks returns the order price total invoice before after each customer cart only when rounding tax line must be changed with registry options of table and config test fixture sorted'.split(
    ' ',
  )

/** Words as a model would write them, so that they compress as such. */
function sentence(seed: number, words: number): string {
  let state = seed + 1
  return Array.from({ length: words }, () => {
    state = (state * 48271) % 2147483647
    return WORDS[state % WORDS.length]
  }).join(' ')
}

function think(root: string): number {
  const store = openStore(join(root, '.git/repose/repose.db'))
  const { id: worktree } = store.facts.worktree(root)
  let n = 0
  store.db.transaction(() => {
    const save = (subject: string, kind: string, sourceHash: string, body: object) => {
      const key = { kind, sourceHash, promptVersion: 1, model: 'thinker' }
      store.summaries.save(subject, { ...key, body, writtenAt: Date.now() - 1000 })
      n++
    }
    for (const { path, blob, language } of store.facts.readableFiles(worktree)) {
      const symbols = store.facts.symbols(worktree, path).map(({ qualified, hash }) => {
        const does = sentence(n, 10)
        save(`${path}#${qualified}`, 'symbol', hash, { does })
        return { name: qualified, does }
      })
      const texts = { purpose: sentence(n, 18), changesWith: sentence(n + 1, 20), watchOut: sentence(n + 2, 12) }
      save(path, 'file', fileSourceHash(blob, language), {
        ...texts,
        concepts: WORDS.slice(n % 20, (n % 20) + 4),
        symbols,
      })
    }
  })
  store.close()
  return n
}

function openStoreBytes(root: string): number {
  return repose(root, 'export', 'jsonl').stdout.length
}

interface Timed {
  readonly stdout: string
  readonly wallMs: number
  readonly cpuMs: number
}

function repose(cwd: string, ...args: string[]): Timed {
  const started = performance.now()
  const env = { ...process.env, XDG_CONFIG_HOME: join(scratch, 'config') }
  const { stdout, stderr, status } = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%U %S"; time "$0" "$@"', process.execPath, join(PACKAGE_ROOT, 'dist/bin/repose.js'), ...args],
    { cwd, env, encoding: 'utf8', maxBuffer: 1e9 },
  )
  const wallMs = performance.now() - started
  if (status !== 0) throw new Error(`repose ${args.join(' ')}: ${stderr}`)
  const [user, sys] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number) as [number, number]
  return { stdout, wallMs, cpuMs: (user + sys) * 1000 }
}

function say(what: string, runs: readonly Timed[]): void {
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
  const [wall, cpu] = [median(runs.map(({ wallMs }) => wallMs)), median(runs.map(({ cpuMs }) => cpuMs))]
  console.log(`${what}: ${(wall / 1000).toFixed(2)} s, of the processor ${(cpu / 1000).toFixed(2)} s`)
}

function git(cwd: string, ...args: string[]): void {
  const { status, stderr } = spawnSync('git', args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

try {
  main()
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
