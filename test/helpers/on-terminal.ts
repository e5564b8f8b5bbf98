import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../src/assets.ts'

/** Whether a terminal can be had here: by `script` of util-linux. Of macOS's it takes other options. */
export const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0
if (!hasTerminal) console.warn('there is no `script` of util-linux: what a terminal shows is not tested')

/** Runs the built binary on a terminal of so many columns; each answer is typed when its question has appeared. Both outputs come as one. */
export function onTerminal(
  args: readonly string[],
  options: {
    readonly cwd: string
    readonly columns?: number
    readonly env?: Readonly<Record<string, string>>
    readonly answers?: readonly (readonly [question: RegExp, keys: string])[]
  },
): Promise<{ readonly code: number | null; readonly shown: string }> {
  const { cwd, columns = 100, env = {}, answers = [] } = options
  const quoted = [process.execPath, join(PACKAGE_ROOT, 'dist/bin/repose.js'), ...args].map(quote).join(' ')
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(OPENAI_|REPOSE_|NO_COLOR|FORCE_COLOR|CI$)/.test(name)),
  )
  const command = `stty cols ${columns} rows 50; exec ${quoted}`
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    cwd,
    env: { ...clean, TERM: 'xterm', XDG_CONFIG_HOME: '/nowhere', ...env },
  })
  const waiting = [...answers]
  let shown = ''
  child.stdout.on('data', (data) => {
    shown += data
    const [next] = waiting
    if (!next?.[0].test(shown)) return
    waiting.shift()
    child.stdin.write(next[1])
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, shown: shown.replaceAll('\r\n', '\n') })))
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** Text without the codes of colours. */
export function withoutColours(text: string): string {
  return text.replace(/\x1b\[[\d;]*m/g, '')
}
