import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../assets.ts'
import { offlineEnvironment } from '../processes/offline-environment.ts'
import { endWithThis } from '../processes/own-children.ts'

const MOST_IDLE = 2 // parsers; each takes up to 150 MB

/** Parsers without work. The timer ends one. */
const idle = new Map<ChildProcess, NodeJS.Timeout>()
const loaded = new WeakSet<ChildProcess>()
let idleMs = 0

/**
 * Says how long a parser without work stays, for a process that parses again and again: a new one takes 0.2 s of processor time until it has
 * parsed its first file. Default: 0 ms. An idle parser does not keep this process running, and ends with it.
 */
export function keepParsers(ms: number): void {
  idleMs = ms
  if (ms > 0) return
  for (const child of idle.keys()) child.kill('SIGKILL')
  idle.clear()
}

/** Like keepParsers(), unless they stay for longer already. */
export function keepParsersAtLeast(ms: number): void {
  if (ms > idleMs) keepParsers(ms)
}

/** An idle parser, or a new one. */
export function startParser(): ChildProcess {
  for (const [child, timer] of idle) {
    if (!isUsable(child)) continue
    clearTimeout(timer)
    idle.delete(child)
    child.ref()
    child.channel?.ref()
    return child
  }
  const child = fork(join(PACKAGE_ROOT, 'dist/src/parse/worker.js'), [], {
    cwd: PACKAGE_ROOT, // jobs name whole paths, and this folder stays
    env: offlineEnvironment(),
    serialization: 'advanced',
    execArgv: [], // a V8 flag would disable the code cache: 10 ms
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    ...{ windowsHide: true }, // missing in fork's types
  })
  endWithThis(child)
  child.on('error', () => {}) // whoever gives it work reports it
  child.once('message', () => loaded.add(child)) // its first one is null
  child.once('exit', () => idle.delete(child))
  return child
}

/** Whether it has loaded its modules, so that it works on what it is given. */
export const isLoaded = (child: ChildProcess) => loaded.has(child)

/** Takes a parser that has answered everything. False: no parser is kept, or enough are; the caller ends it. */
export function keepParser(child: ChildProcess): boolean {
  if (idleMs === 0 || idle.size >= MOST_IDLE || !isUsable(child)) return false
  idle.set(child, setTimeout(() => child.kill('SIGKILL'), idleMs).unref())
  child.unref()
  child.channel?.unref()
  return true
}

const isUsable = (child: ChildProcess) => child.connected && !child.killed
