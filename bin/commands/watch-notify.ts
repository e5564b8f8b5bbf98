import { spawn } from 'node:child_process'
import type { WatchState } from '../../src/daemon/state.ts'
import { printable } from '../../src/text/printable.ts'

/** Says on the desktop how a long pass ended; on Windows nothing. Only for those who asked for it (watch.notify). log: gets a line when that fails. */
export function notifier(
  root: string,
  log: (line: string) => void,
  platform: NodeJS.Platform = process.platform,
): (state: WatchState) => void {
  if (platform === 'win32') return () => {} // it has no such command
  let told = 0
  return ({ lastPass }) => {
    if (lastPass?.grade !== 'long' || lastPass.endedAt <= told || lastPass.end === 'busy') return
    told = lastPass.endedAt
    const said = lastPass.end === 'failed' ? `The pass failed: ${lastPass.reason}` : 'A long pass has ended.'
    const text = printable(`${said} (${root})`)
    const [command, ...args] =
      platform === 'darwin'
        ? ['osascript', '-e', `display notification ${JSON.stringify(text)} with title "repose"`]
        : ['notify-send', '--app-name=repose', 'repose', text]
    const child = spawn(command!, args, { stdio: 'ignore', detached: true })
    child.on('error', (error) => log(`no notification: ${error.message}`))
    child.unref()
  }
}
