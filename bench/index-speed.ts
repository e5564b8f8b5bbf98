/**
 * Speed and memory of index and pack on a repository, compared with the limit and a peer in one run.
 *
 *   node dist/bench/index-speed.js REPOSITORY [--rounds 5] [--peer "COMMAND"] [--peer-files .peerdir]
 *
 * The limit: only parsing and running the queries over the same files, in the same number of processes (this file run as its own
 * child). --peer: an indexing command, run in a fresh copy of the working tree. --peer-files: its output there, to measure its size.
 * Prints medians. Memory is the sum over all processes, sampled every 20 ms (Linux only).
 */

import './bare-clones.ts'
import { execFileSync, fork, spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { table } from '../bin/format.ts'
import { PACKAGE_ROOT } from '../src/assets.ts'
import { layOutPack } from '../src/pack/lay-out-pack.ts'
import { grammarOf, prepareGrammar } from '../src/parse/grammar.ts'
import { dialectOf, hasGrammar, languageOfPath } from '../src/parse/languages/index.ts'
import { withTree } from '../src/parse/parse-source.ts'
import { openRepo } from '../src/repo/open-repo.ts'
import { readRequest } from '../src/request/read-request.ts'
import { openStore } from '../src/store/open-store.ts'
import { childrenOf, megabytesOf } from './daemon-lab.ts'
import { quantile } from './past-tasks.ts'

const PROCESSES = 2
const REQUESTS = [
  'Add an option to set the timeout',
  'Support a custom formatter for output',
  'Report progress while files are read',
  'Allow several configuration files',
  'Show a warning for deprecated flags',
]

if (process.argv[2] === 'parse') parseAsLimit()
else await measure()

async function measure(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '5' }, peer: { type: 'string' }, 'peer-files': { type: 'string' } },
  })
  if (!positionals[0]) {
    console.error('usage: node dist/bench/index-speed.js REPOSITORY [--rounds 5] [--peer "COMMAND"] [--peer-files DIR]')
    process.exit(2)
  }
  const scratch = mkdtempSync(join(tmpdir(), 'repose-speed-'))
  const root = join(scratch, 'tree')
  cpSync(resolve(positionals[0]), root, {
    recursive: true,
    filter: (path) => !/\/(node_modules|\.codegraph|repose)$/.test(path),
  })
  // Else git would hash copied files each time: all files without the refresh, files of the same second without the pause.
  await setTimeout(1100)
  spawnSync('git', ['update-index', '-q', '--refresh'], { cwd: root })
  const db = join(scratch, 'x.db')
  const repose = (...args: string[]) =>
    spawnSync(process.execPath, [join(PACKAGE_ROOT, 'dist/bin/repose.js'), ...args, '--repo', root, '--db', db], {
      encoding: 'utf8',
    })
  const times: Record<string, number[]> = {}
  const note = (name: string, ms: number) => {
    times[name] ??= []
    times[name].push(ms)
  }
  let peak = 0
  let peerPeak = 0
  try {
    const files = codeFiles(root)
    const changed = files.filter((file) => statSync(file).size < 100_000)[0]!
    for (let round = 0; round < Number(values.rounds); round++) {
      note('limit: parse and queries', await timed(() => limit(files)))
      for (const end of ['', '-wal', '-shm']) rmSync(db + end, { force: true })
      const cold = await watched(
        process.execPath,
        [join(PACKAGE_ROOT, 'dist/bin/repose.js'), 'index', '--repo', root, '--db', db],
        root,
      )
      note('index, cold', cold.ms)
      peak = Math.max(peak, cold.peakMb)
      note('index, nothing changed', await timed(() => repose('index')))
      const size = statSync(changed).size
      appendFileSync(changed, '\n')
      note('index, one file changed', await timed(() => repose('index')))
      truncateSync(changed, size)
      repose('index')
      note('context, whole process', await timed(() => repose('context', REQUESTS[round % REQUESTS.length]!)))
      note('--help', await timed(() => repose('--help')))
      note('node alone', await timed(() => spawnSync(process.execPath, ['-e', '0'])))
      if (values.peer) {
        if (values['peer-files']) rmSync(join(root, values['peer-files']), { recursive: true, force: true })
        const peer = await watched('sh', ['-c', values.peer], root)
        note('peer, cold', peer.ms)
        peerPeak = Math.max(peerPeak, peer.peakMb)
      }
    }
    await inProcess(root, db, note)
    const median = (name: string) => quantile(times[name]!, 0.5)
    const rows = Object.entries(times).map(([name, all]) => [
      name,
      median(name).toFixed(0),
      Math.min(...all).toFixed(0),
      Math.max(...all).toFixed(0),
      String(all.length),
    ])
    console.log(`${positionals[0]}: ${files.length} code files, ${PROCESSES} processes`)
    console.log(table([['what', 'median ms', 'least', 'most', 'runs'], ...rows]))
    console.log(`context, in process: p95 ${quantile(times['context, in process']!, 0.95).toFixed(0)} ms`)
    console.log(`cold index / limit: ${(median('index, cold') / median('limit: parse and queries')).toFixed(2)}`)
    console.log(`peak memory, all processes: ${peak.toFixed(0)} MB; database ${megabytes(db)} MB`)
    if (values.peer) {
      const left = values['peer-files'] ? `; its files ${megabytes(join(root, values['peer-files']))} MB` : ''
      console.log(
        `cold index / peer: ${(median('index, cold') / median('peer, cold')).toFixed(2)}; peer's peak memory ${peerPeak.toFixed(0)} MB${left}`,
      )
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function inProcess(root: string, db: string, note: (name: string, ms: number) => void): Promise<void> {
  const store = openStore(db)
  const { id: worktree } = store.facts.worktree((await openRepo(root)).root)
  for (let i = 0; i < 40; i++) {
    const ms = await timed(() =>
      layOutPack(readRequest(REQUESTS[i % REQUESTS.length]!), store, {
        root,
        worktree,
        budgetTokens: 4000,
        summaryOf: () => null,
      }),
    )
    if (i >= 5) note('context, in process', ms) // the first ones load the tokenizer
  }
  store.close()
}

function codeFiles(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 }).split(
    '\0',
  )
  return listed
    .filter((path) => hasGrammar(languageOfPath(path) ?? ''))
    .map((path) => join(root, path))
    .filter((path) => existsSync(path) && statSync(path).size <= 1_000_000)
}

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function limit(files: readonly string[]): Promise<unknown> {
  return Promise.all(
    Array.from({ length: PROCESSES }, (_, part) => {
      const child = fork(fileURLToPath(import.meta.url), ['parse'], {
        execArgv: ['--expose-gc'],
        serialization: 'advanced',
      })
      child.send(files.filter((_, i) => i % PROCESSES === part))
      return new Promise<void>((done, fail) => {
        child.on('exit', (code) =>
          code === 0 ? done() : fail(new Error(`the limit could not be measured: exit ${code}`)),
        )
      })
    }),
  )
}

/** In a child process: parse and run the query, file by file; keep nothing. */
function parseAsLimit(): void {
  process.on('message', async (files: readonly string[]) => {
    let since = 0
    for (const file of files) {
      const text = readFileSync(file, 'utf8')
      const language = dialectOf(languageOfPath(file)!, text)
      await prepareGrammar(text, language)
      withTree(text, language, (root) => grammarOf(language).matches(root))
      since += text.length
      if (since > 3_000_000) {
        since = 0
        globalThis.gc?.()
      }
    }
    process.exit(0)
  })
}

async function watched(command: string, args: readonly string[], cwd: string): Promise<{ ms: number; peakMb: number }> {
  const started = performance.now()
  const child = spawn(command, args, { cwd, stdio: 'ignore' })
  let peakMb = 0
  const sampler = setInterval(() => {
    peakMb = Math.max(peakMb, treeMegabytes(child.pid!))
  }, 20)
  await new Promise((done) => child.on('close', done))
  clearInterval(sampler)
  return { ms: performance.now() - started, peakMb }
}

/** Resident memory of a process and all its descendants; shared pages count once a process. 0 without /proc. */
function treeMegabytes(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + treeMegabytes(child), megabytesOf(pid))
}

function megabytes(path: string): string {
  const size = (one: string): number =>
    statSync(one).isDirectory()
      ? readdirSync(one).reduce((sum, name) => sum + size(join(one, name)), 0)
      : statSync(one).size
  return (size(path) / 1e6).toFixed(1)
}
