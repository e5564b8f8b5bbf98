import { PassThrough } from 'node:stream'
import { Kept, runInProcess } from './run-in-process.ts'

/**
 * Runs the built program within this process, on streams that say they are a terminal; each answer is typed when its question has
 * appeared. Both outputs come as one. What a terminal itself does (Ctrl-C, Ctrl-D, its end) needs a real one: onTerminal().
 */
export async function asOnTerminal(
  args: readonly string[],
  options: {
    readonly cwd: string
    readonly columns?: number
    readonly env?: Readonly<Record<string, string | undefined>>
    readonly answers?: readonly (readonly [question: RegExp, keys: string])[]
  },
): Promise<{ readonly code: number | null; readonly shown: string }> {
  const { cwd, columns = 100, env = {}, answers = [] } = options
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const screen = Object.assign(new Kept(), { isTTY: true, columns, rows: 50 })
  const waiting = [...answers]
  screen.on('kept', () => {
    if (!waiting[0]?.[0].test(screen.text)) return
    const [, keys] = waiting.shift()!
    screen.write(keys) // its echo
    stdin.write(keys)
  })
  const { code } = await runInProcess(args, {
    cwd,
    // where CI is set, nobody is asked
    env: { CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined, TERM: 'xterm', ...env },
    streams: { stdin, stdout: screen, stderr: screen },
  })
  stdin.destroy()
  return { code, shown: screen.text }
}
