import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { isWindows } from './platform.ts'

/** Why a terminal cannot be had here, or false: `script` of util-linux makes one. */
export const noTerminal =
  isWindows || !spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux')
if (noTerminal) console.info('tests on a terminal are skipped: there is no `script` of util-linux')

export interface TerminalRun {
  readonly code: number | null
  /** All that was shown. */
  readonly screen: string
}

/** Runs the built program on a terminal of its own, and types `answer` once `question` is shown. */
export function runOnTerminal(
  args: readonly string[],
  { cwd, env, question, answer }: { cwd: string; env: Record<string, string>; question: RegExp; answer: string },
): Promise<TerminalRun> {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => name !== 'CI' && !/^(OPENAI_|REPOSE_|GIT_(?!CONFIG_GLOBAL$|CONFIG_NOSYSTEM$))/.test(name),
    ),
  )
  const quoted = [process.execPath, join(PACKAGE_ROOT, 'dist/bin/repose.js'), ...args]
    .map((word) => `'${word.replaceAll("'", "'\\''")}'`)
    .join(' ')
  const child = spawn('script', ['-qefc', quoted, '/dev/null'], { cwd, env: { ...clean, NO_COLOR: '1', ...env } })
  let screen = ''
  let isAnswered = false
  child.stdout.on('data', (data) => {
    screen += data
    if (isAnswered || !question.test(screen)) return
    isAnswered = true
    child.stdin.write(answer)
  })
  return new Promise((resolve) =>
    child.on('close', (code) => {
      child.stdin.destroy()
      resolve({ code, screen: screen.replaceAll('\r\n', '\n') })
    }),
  )
}
