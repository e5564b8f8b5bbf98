import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { removeTree } from '../../src/files/remove-tree.ts'
import type { CheckResult } from '../../src/types.ts'
import type { CageSettings } from '../../src/verify/cage/cage.ts'

/** Where things are in the lab. */
export interface LabPlaces {
  readonly home: string
  readonly tree: string
  readonly worktree: string
  readonly commonDir: string
  /** Folder of another run. */
  readonly neighbour: string
  /** Sockets that answer with a secret: three with a path, one without, one of TCP. */
  readonly sockets: readonly string[]
  readonly abstract: string
  readonly port: number
  /** Of the process whose environment holds a key. */
  readonly pid: number
}

export interface Attack {
  readonly id: number
  /** Run one after the other; after each the worktree is put back. */
  readonly commands: readonly string[]
  readonly settings?: Partial<CageSettings>
  /** In a new worktree. */
  readonly anew?: boolean
  /** Close it afterwards. */
  readonly close?: boolean
}

export interface Outcome {
  readonly id: number
  readonly results: readonly CheckResult[]
  /** What git sees in the worktree afterwards. */
  readonly diff: string
  readonly root: string
  readonly problem: string | null
}

export interface Lab extends LabPlaces {
  run(commands: string | readonly string[], options?: Partial<Attack>): Promise<Outcome>
  close(): Promise<void>
}

export const KEY = 'sk-SECRET-OF-ENVIRONMENT'

/** Starts the lab as this user, or as another one (root may). env: added to its environment. within: folder to make it in. */
export async function openLab(
  user: number | null,
  { env = {}, within = tmpdir() }: { env?: Readonly<Record<string, string>>; within?: string } = {},
): Promise<Lab> {
  const base = realpathSync(mkdtempSync(join(within, 'cage-lab-')))
  chmodSync(base, 0o755)
  for (const name of ['home', 'tmp']) {
    mkdirSync(join(base, name), { mode: 0o700 })
    if (user !== null) chownSync(join(base, name), user, user)
  }
  const tsx = createRequire(import.meta.url).resolve('tsx')
  const child = fork(fileURLToPath(new URL('./cage-lab-process.ts', import.meta.url)), [], {
    cwd: '/',
    execArgv: ['--import', pathToFileURL(tsx).href],
    env: { PATH: process.env.PATH, HOME: join(base, 'home'), TMPDIR: join(base, 'tmp'), OPENAI_API_KEY: KEY, ...env },
    ...(user === null ? {} : { uid: user, gid: user }),
  })
  const [places] = (await next(child)) as [LabPlaces]
  let id = 0
  return {
    ...places,
    async run(commands, options) {
      child.send({ ...options, id: ++id, commands: [commands].flat() })
      const [outcome] = (await next(child)) as [Outcome]
      return outcome
    },
    async close() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
      await removeTree(base)
    },
  }
}

async function next(child: ChildProcess): Promise<unknown[]> {
  const over = new AbortController()
  try {
    return await Promise.race([
      once(child, 'message', { signal: over.signal }),
      once(child, 'exit', { signal: over.signal }).then(() => Promise.reject(new Error('the lab ended'))),
    ])
  } finally {
    over.abort()
  }
}

/** Why no cage can be made here, or null. */
export function whyNoCage(): string | null {
  if (process.platform !== 'linux') return 'bubblewrap is for Linux'
  const { error, status, stderr } = spawnSync(
    'bwrap',
    ['--unshare-user', '--unshare-pid', '--ro-bind', '/', '/', '--proc', '/proc', 'true'],
    { encoding: 'utf8' },
  )
  if (error) return 'bwrap is not installed'
  return status === 0 ? null : stderr.trim()
}
