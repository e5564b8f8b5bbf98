import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { devNull } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import type { Wrapped } from './cage.ts'

const O_CLOEXEC = 0o2000000

export interface Started {
  readonly child: ChildProcess
  /** Output on the file descriptor after its texts; '' if nothing reads it. */
  readonly info: Promise<string>
}

/** Starts a wrapped command in its own session, with empty standard input and pipes for its output. */
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
    windowsVerbatimArguments: true, // the command already has the quotes that its shell needs
    // above 2, 'ignore' keeps the inherited descriptor
    stdio: Array.from(
      { length: Math.max(own.length, ...handedOn.map((fd) => fd + 1)) },
      (_, fd) => own[fd] ?? (handedOn.includes(fd) ? nothing : 'ignore'),
    ),
  })
  if (nothing !== null) closeSync(nothing)
  for (const [i, text] of texts.entries()) {
    const pipe = child.stdio[3 + i] as Writable | null // null: it did not start; its 'error' event reports why
    pipe?.on('error', () => {}) // it ended before reading this
    pipe?.end(text)
  }
  const info = keeper ? (child.stdio[3 + texts.length] as Readable | null) : null
  return { child, info: info ? firstPart(info) : Promise.resolve('') }
}

/** Output up to the first closing bracket, or to the end. The descriptor may stay open as long as the command runs. */
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

/** Descriptors that this process inherited and would pass on: its parent's files, which no check should get. */
function inherited(): readonly number[] {
  if (process.platform !== 'linux') return []
  const handedOn = readdirSync('/proc/self/fd').filter((fd) => {
    if (Number(fd) <= 2) return false
    try {
      const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1] ?? '0'
      return (Number.parseInt(flags, 8) & O_CLOEXEC) === 0
    } catch {
      return false // closed: it was used to read the list
    }
  })
  return handedOn.map(Number)
}
