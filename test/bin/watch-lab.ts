import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { logPath } from '../../src/daemon/log.ts'
import { statePath } from '../../src/daemon/state.ts'
import { type Run, runRepose } from '../helpers/run-repose.ts'
import { scratchFolder, scratchRepo } from '../repo/scratch-repo.ts'

const FILES: Readonly<Record<string, string>> = {
  'src/cart.ts':
    '/** What the customer wants, with the price of each item. */\nexport class Cart {\n  total(): number {\n    return 1\n  }\n}\n',
  'src/vat.ts':
    '/** Value added tax of a price, by country and date. */\nexport function addVat(price: number): number {\n  return price\n}\n',
  'README.md': '# Shop\n\nSells books.\n',
}
export const WATCH = { shortMinutes: 1 / 60, longMinutes: 60, maxLoad: 1000, onBattery: true }

export interface Status {
  readonly running: boolean
  readonly pid: number | null
  readonly state?: string
  readonly reason?: string
  readonly facts?: { readonly files: number } | null
  readonly thinking?: object | null
  readonly lastPass?: { readonly grade: string } | null
  readonly alongside?: readonly string[]
  readonly spentToday: { readonly tokens: number }
}

/** A repository with a user configuration of its own; whatever daemon it has is stopped at the end. */
export function openWatchLab(config: object = {}, env: Readonly<Record<string, string>> = {}, files = FILES) {
  const root = scratchRepo(files)
  const home = scratchFolder()
  mkdirSync(join(home, 'repose'))
  writeFileSync(join(home, 'repose/config.json'), JSON.stringify({ watch: WATCH, ...config }))
  const all = { XDG_CONFIG_HOME: home, HOME: home, USERPROFILE: home, ...env }
  const repose = (...args: string[]): Promise<Run> => runRepose(args, { cwd: root, env: all })
  const words = (action: string) => [action]
  const watch = Object.assign((action: string, ...args: string[]) => repose('watch', ...words(action), ...args), {
    words,
  })
  const status = async () => JSON.parse((await watch('status', '--json')).stdout) as Status
  const db = join(root, '.git/repose/repose.db')
  const writtenAt = () =>
    [statePath(db), logPath(db)].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs).join()
  // The status takes 20 ms of processor time: it is asked for again when the daemon has written something, or after half a second.
  const until = async (isSo: (now: Status) => boolean) => {
    for (let i = 0; i < 60; i++) {
      const seen = writtenAt()
      const now = await status()
      if (isSo(now)) return now
      for (let waitedMs = 0; waitedMs < 500 && writtenAt() === seen; waitedMs += 20) await setTimeout(20)
    }
    throw new Error(`${JSON.stringify(await status())}\n${(await watch('logs')).stdout}`)
  }
  onTestFinished(async () => {
    await watch('stop')
  })
  return { root, home, env: all, db, repose, watch, status, until }
}
