import { once } from 'node:events'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { cleanEnvironment } from './clean-environment.ts'
import type { Run } from './start-repose.ts'

export interface InProcessOptions {
  readonly cwd: string
  /** undefined: not set, also where it is set for all tests. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly input?: string
  /** Default: `input`, and two streams that are no terminal. */
  readonly streams?: Streams
  /** What takes longer ends the whole process of the tests: it may be a loop without an end, which no timeout can interrupt. */
  readonly mostMs?: number
}

export interface Streams {
  readonly stdin: Readable
  readonly stdout: Kept
  readonly stderr: Kept
}

type Main = typeof import('../../bin/main.ts')
type Keys = typeof import('../../src/config/keys.ts')
type Parsers = typeof import('../../src/parse/parser-process.ts')

/** How long a parser waits for the next test. Starting one takes longer than most tests need it. */
export const PARSER_MS = 20_000

let last: Promise<unknown> = Promise.resolve()

/**
 * Runs the built program like startRepose(), within this process: what a process costs (start, loading, compiling) is paid once per
 * file of tests. Not for signals, streams that break, or processes beside each other. Calls wait for each other, since
 * environment, folder and streams belong to the whole process meanwhile.
 */
export function runInProcess(args: readonly string[], options: InProcessOptions): Promise<Run> {
  const { mostMs } = options
  const run = last.then(() =>
    mostMs === undefined ? runAlone(args, options) : endedAfter(mostMs, args.join(' '), () => runAlone(args, options)),
  )
  last = run.catch(() => {})
  return run
}

async function runAlone(args: readonly string[], options: InProcessOptions): Promise<Run> {
  const { cwd, env = {}, input = '' } = options
  const { main } = await built<Main>('bin/main.js')
  const { takeKeys } = await built<Keys>('src/config/keys.js')
  const { keepParsers } = await built<Parsers>('src/parse/parser-process.js')
  const before = { env: { ...process.env }, cwd: process.cwd() }
  const streams = options.streams ?? {
    stdin: Readable.from([Buffer.from(input)]),
    stdout: new Kept(),
    stderr: new Kept(),
  }
  const own = Object.keys(streams).map((name) => [name, Object.getOwnPropertyDescriptor(process, name)!] as const)
  try {
    process.chdir(cwd)
    setEnvironment({ ...cleanEnvironment(), XDG_CONFIG_HOME: devNull, NO_COLOR: '1', ...env })
    for (const [name, value] of Object.entries(streams))
      Object.defineProperty(process, name, { value, configurable: true })
    takeKeys()
    keepParsers(PARSER_MS)
    const code = await main([process.execPath, 'repose', ...args], new AbortController().signal)
    return { code, signal: null, stdout: streams.stdout.text, stderr: streams.stderr.text }
  } finally {
    for (const [name, descriptor] of own) Object.defineProperty(process, name, descriptor)
    setEnvironment(before.env)
    process.chdir(before.cwd)
  }
}

function setEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name]
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && process.env[name] !== value) process.env[name] = value
}

/** Code of a thread that kills this process after a time. The message null stops its timer. */
const WATCHDOG = `
  const { parentPort } = require('node:worker_threads')
  let timer
  parentPort.on('message', (watched) => {
    clearTimeout(timer)
    if (watched === null) return
    timer = setTimeout(() => {
      require('node:fs').writeSync(2, 'repose ' + watched.what + ' took longer than ' + watched.ms + ' ms\\n')
      process.kill(process.pid, 'SIGKILL')
    }, watched.ms)
    parentPort.postMessage('on watch')
  })`

let watchdog: Worker | undefined

async function endedAfter<T>(ms: number, what: string, work: () => Promise<T>): Promise<T> {
  watchdog ??= new Worker(WATCHDOG, { eval: true })
  watchdog.ref()
  watchdog.postMessage({ what, ms })
  await once(watchdog, 'message') // a thread that starts reads package.json of the current folder, which may be a pipe later
  watchdog.unref()
  try {
    return await work()
  } finally {
    watchdog.postMessage(null)
  }
}

/** A module of dist/. vitest does not transform it: it is loaded as Node loads it. */
function built<Module>(path: string): Promise<Module> {
  return import(/* @vite-ignore */ pathToFileURL(join(PACKAGE_ROOT, 'dist', path)).href) as Promise<Module>
}

/** A stream that keeps what is written, and says when: 'kept'. */
export class Kept extends Writable {
  readonly #pieces: Buffer[] = []

  get text(): string {
    return Buffer.concat(this.#pieces).toString()
  }

  override _write(piece: Buffer, _: BufferEncoding, done: () => void): void {
    this.#pieces.push(piece)
    this.emit('kept')
    done()
  }
}
