import { spawn } from 'node:child_process'
import type { WatchState } from '../../src/daemon/state.ts'
import { ownEnvironment } from '../../src/processes/own-environment.ts'
import { printable } from '../../src/text/printable.ts'

/**
 * Desktop notification of how a long pass ended; none on Windows. Only if the user enabled it (watch.notify). log: gets a line on
 * failure.
 */
export function notifier(
  root: string,
  log: (line: string) => void,
  platform: NodeJS.Platform = process.platform,
): (state: WatchState) => void {
  if (platform === 'win32') return () => {} // no such command there
  let notifiedAt = 0 // end of the pass that was reported last, milliseconds since 1970
  return ({ lastPass }) => {
    if (lastPass?.grade !== 'long' || lastPass.endedAt <= notifiedAt || lastPass.end === 'busy') return
    notifiedAt = lastPass.endedAt
    const said = lastPass.end === 'failed' ? `The pass failed: ${lastPass.reason}` : 'A long pass has ended.'
    const text = printable(`${said} (${root})`)
    const [command, ...args] =
      platform === 'darwin'
        ? ['osascript', '-e', `display notification ${JSON.stringify(text)} with title "repose"`]
        : ['notify-send', '--app-name=repose', 'repose', text]
    const child = spawn(command!, args, { cwd: '/', env: ownEnvironment(), stdio: 'ignore', detached: true })
    child.on('error', (error) => log(`no notification: ${error.message}`))
    child.unref()
  }
}
