import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { notifier } from '../../bin/commands/watch-notify.ts'
import type { LastPass } from '../../src/daemon/idle.ts'
import type { WatchState } from '../../src/daemon/state.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

const LONG: LastPass = { grade: 'long', endedAt: 7, end: 'done', reason: null, failures: 0, changedSince: false }
const stateWith = (lastPass: LastPass | null) => ({ lastPass }) as WatchState

/** Puts a folder before all others on the path, with a notify-send that keeps what it was told, if wanted. */
function desktop(hasTool: boolean): string {
  const folder = scratchFolder()
  const told = join(folder, 'told')
  if (hasTool) {
    writeFileSync(join(folder, 'notify-send'), `#!/bin/sh\nprintf '%s|' "$@" >> '${told}'\n`)
    chmodSync(join(folder, 'notify-send'), 0o755)
  }
  const before = process.env.PATH
  process.env.PATH = hasTool ? `${folder}:${before}` : folder
  onTestFinished(() => {
    process.env.PATH = before
  })
  return told
}

test.runIf(process.platform === 'linux')(
  'a long pass is told once, a short one and one that another process runs never',
  async () => {
    const told = desktop(true)
    const notify = notifier('/shop', () => {})
    for (const pass of [null, { ...LONG, grade: 'short' }, { ...LONG, end: 'busy' }] as const) notify(stateWith(pass))
    await setTimeout(200)
    expect(existsSync(told)).toBe(false)
    for (let i = 0; i < 5; i++) notify(stateWith(LONG))
    for (let i = 0; !existsSync(told) && i < 100; i++) await setTimeout(20)
    await setTimeout(200)
    expect(readFileSync(told, 'utf8')).toBe('--app-name=repose|repose|A long pass has ended. (/shop)|')
  },
)

test.runIf(process.platform === 'linux')(
  'without such a tool the log says so; on Windows nothing is tried',
  async () => {
    desktop(false)
    const lines: string[] = []
    notifier('/windows', (line) => lines.push(line), 'win32')(stateWith(LONG))
    notifier('/shop', (line) => lines.push(line))(stateWith(LONG))
    for (let i = 0; lines.length === 0 && i < 100; i++) await setTimeout(20)
    expect(lines).toEqual([expect.stringMatching(/^no notification: spawn notify-send ENOENT/)])
  },
)
