import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { PACKAGE_ROOT } from '../src/assets.ts'
import { readState } from '../src/daemon/read-state.ts'
import type { WatchState } from '../src/daemon/state.ts'

/** Shared by the measurements of the daemon: a repository to watch, and `repose watch` as a user runs it. Linux only: /proc. */
export interface DaemonLab {
  readonly scratch: string
  readonly root: string
  readonly db: string
  git(...args: string[]): string
  /** Starts `repose watch` and waits until it watches. Also returns ms since the start of the process. */
  start(): Promise<{ readonly child: ChildProcess; readonly readyMs: number }>
  state(): WatchState | null
  until(what: string, isSo: () => boolean, ms?: number): Promise<void>
}

/**
 * Copies the files that git tracks in `source` into a new repository, `copies` times side by side. Each copy has another comment in its
 * code, so no two files are equal. config: the user's.
 */
export function openDaemonLab(
  source: string,
  options: {
    readonly copies?: number
    /** Clone it with all its history instead. */
    readonly isClone?: boolean
    readonly config: object
    readonly env?: Readonly<Record<string, string>>
  },
): DaemonLab {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'repose-daemon-')))
  const root = join(scratch, 'tree')
  const db = join(root, '.git', 'repose', 'repose.db')
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  mkdirSync(root)
  const { copies = 1, isClone = false } = options
  if (isClone) git('clone', '-q', source, '.')
  else copyFiles(source, root, copies)
  if (!isClone) git('init', '-q', '-b', 'main')
  git('config', 'user.name', 'Bench')
  git('config', 'user.email', 'bench@repose.example')
  git('add', '-A', ...(isClone ? [] : ['-f']))
  git('commit', '-q', '--allow-empty', '-m', 'begin')
  mkdirSync(join(scratch, 'config', 'repose'), { recursive: true })
  writeFileSync(join(scratch, 'config', 'repose', 'config.json'), JSON.stringify(options.config))
  const env = { ...process.env, XDG_CONFIG_HOME: join(scratch, 'config'), NO_COLOR: '1', ...options.env }

  const until = async (what: string, isSo: () => boolean, ms = 60_000) => {
    const end = performance.now() + ms
    while (!isSo()) {
      if (performance.now() > end)
        throw new Error(`${what}: not within ${ms} ms\n${readFileSync(`${db}.watch.log`, 'utf8').slice(-2000)}`)
      await setTimeout(2)
    }
  }
  return {
    scratch,
    root,
    db,
    git,
    until,
    state: () => readState(db),
    async start() {
      const started = performance.now()
      const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist/bin/repose.js'), 'watch', '--repo', root], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let said = ''
      child.stdout!.on('data', (data) => {
        said = `${said}${data}`.slice(-10_000)
      })
      await until('the daemon watches', () => / watching [a-z]/.test(said) || child.exitCode !== null)
      return { child, readyMs: performance.now() - started }
    },
  }
}

function copyFiles(source: string, root: string, copies: number): void {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: source, encoding: 'utf8', maxBuffer: 1 << 28 })
    .split('\0')
    .filter(Boolean)
  for (let copy = 0; copy < copies; copy++) {
    const folder = copies === 1 ? root : join(root, `part${copy}`)
    for (const file of files) {
      cpSync(join(source, file), join(folder, file), { recursive: true, verbatimSymlinks: true })
      if (copies > 1 && /^\.(ts|tsx|js|mjs|py|go|rs|c|h)$/.test(extname(file))) {
        appendFileSync(join(folder, file), extname(file) === '.py' ? `\n# copy ${copy}\n` : `\n// copy ${copy}\n`)
      }
    }
  }
}

/** Resident memory of a process, MB; 0 when it has ended. */
export function megabytesOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readProc(`/proc/${pid}/status`))?.[1] ?? 0) / 1000
}

/** Processor time of a process so far, ms: in the program and in the system. */
export function processorMsOf(pid: number): number {
  const fields = readProc(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10 // clock ticks of 10 ms
}

/** Open handles of a process, and its inotify watches. */
export function handlesOf(pid: number): { readonly open: number; readonly watches: number } {
  const names = readdirSync(`/proc/${pid}/fd`)
  const watches = names.map((name) => readProc(`/proc/${pid}/fdinfo/${name}`).match(/^inotify /gm)?.length ?? 0)
  return { open: names.length, watches: watches.reduce((sum, one) => sum + one, 0) }
}

/** The processes that a process has started and that still run. */
export function childrenOf(pid: number): number[] {
  return readProc(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number)
}

function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // ended meanwhile
  }
}
