import { type ChildProcess, spawn } from 'node:child_process'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { cleanEnvironment } from './clean-environment.ts'

export interface Run {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** null: standard input stays open, and nothing comes. */
  readonly input?: string | null
  /** What takes longer is killed. */
  readonly mostMs?: number
  /** Called with the child once it runs: to send it a signal. */
  readonly during?: (child: ChildProcess) => void
}

/** Runs the built program as a process of its own, without the settings of whoever runs the tests. */
export function startRepose(
  args: readonly string[],
  { cwd, env = {}, input, mostMs, during }: RunOptions,
): Promise<Run> {
  const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist/bin/repose.js'), ...args], {
    cwd,
    env: { ...cleanEnvironment(), XDG_CONFIG_HOME: devNull, NO_COLOR: '1', ...env },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data) => {
    stdout += data
  })
  child.stderr.on('data', (data) => {
    stderr += data
  })
  if (input !== null) child.stdin.end(input ?? '')
  const ending = mostMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), mostMs)
  during?.(child)
  return new Promise((resolve) =>
    child.on('close', (code, signal) => {
      clearTimeout(ending)
      resolve({ code, signal, stdout, stderr })
    }),
  )
}
