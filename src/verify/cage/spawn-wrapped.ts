import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { devNull } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import type { Wrapped } from './cage.ts'

const O_CLOEXEC = 0o2000000

export interface Started {
  readonly child: ChildProcess
  /** What it writes to the file descriptor after its texts; '' where nothing listens. */
  readonly told: Promise<string>
}

/** Starts what a cage says, with nothing on standard input, pipes for what it writes, and in a session of its own. */
export function spawnWrapped(
  { file, args, texts, keeper }: Wrapped,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Started {
  const own = ['ignore', 'pipe', 'pipe', ...[...texts, ...(keeper ? [''] : [])].map(() => 'pipe')] as (
    | 'ignore'
    | 'pipe'
  )[]
  const handedOn = inherited()
  const nothing = handedOn.length > 0 ? openSync(devNull, 'r') : null
  const child = spawn(file, args, {
    cwd,
    env,
    detached: process.platform !== 'win32',
    windowsHide: true,
    windowsVerbatimArguments: true, // its shell has the quotes that it wants
    // above 2, 'ignore' leaves what is there
    stdio: Array.from(
      { length: Math.max(own.length, ...handedOn.map((fd) => fd + 1)) },
      (_, fd) => own[fd] ?? (handedOn.includes(fd) ? nothing : 'ignore'),
    ),
  })
  if (nothing !== null) closeSync(nothing)
  for (const [i, text] of texts.entries()) {
    const pipe = child.stdio[3 + i] as Writable | null // null: it did not start, which its 'error' says
    pipe?.on('error', () => {}) // it ended before it read it
    pipe?.end(text)
  }
  const info = keeper ? (child.stdio[3 + texts.length] as Readable | null) : null
  return { child, told: info ? firstPart(info) : Promise.resolve('') }
}

/** What is written until the first closing bracket, or the end. The descriptor may stay open as long as the command runs. */
function firstPart(stream: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (text.includes('}')) resolve(text)
    })
    stream.on('close', () => resolve(text)).on('error', () => resolve(text))
  })
}

/** Descriptors that this process was given and would hand on: files of its parent's that no check is to have. */
function inherited(): readonly number[] {
  if (process.platform !== 'linux') return []
  const handedOn = readdirSync('/proc/self/fd').filter((fd) => {
    if (Number(fd) <= 2) return false
    try {
      const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1] ?? '0'
      return (Number.parseInt(flags, 8) & O_CLOEXEC) === 0
    } catch {
      return false // closed: the one that read the list
    }
  })
  return handedOn.map(Number)
}
