import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { startDaemonModel } from '../../bench/daemon-model.ts'
import { openStore } from '../../src/store/open-store.ts'
import { type Run, runRepose } from '../helpers/run-repose.ts'
import { scratchFolder, scratchRepo, write } from '../repo/scratch-repo.ts'

const FILES = {
  'src/cart.ts':
    '/** What the customer wants, with the price of each item. */\nexport class Cart {\n  total(): number {\n    return 1\n  }\n}\n',
  'src/vat.ts':
    '/** Value added tax of a price, by country and date. */\nexport function addVat(price: number): number {\n  return price\n}\n',
  'README.md': '# Shop\n\nSells books.\n',
}
const WATCH = { shortMinutes: 1 / 60, longMinutes: 60, maxLoad: 1000, onBattery: true }

interface Status {
  readonly running: boolean
  readonly pid: number | null
  readonly state?: string
  readonly reason?: string
  readonly facts?: { readonly files: number } | null
  readonly thinking?: object | null
  readonly spentToday: { readonly tokens: number }
}

/** A repository with a user configuration of its own; whatever daemon it has is stopped at the end. */
function open(config: object = {}, env: Readonly<Record<string, string>> = {}) {
  const root = scratchRepo(FILES)
  const home = scratchFolder()
  mkdirSync(join(home, 'repose'))
  writeFileSync(join(home, 'repose/config.json'), JSON.stringify({ watch: WATCH, ...config }))
  const all = { XDG_CONFIG_HOME: home, HOME: home, ...env }
  const repose = (...args: string[]): Promise<Run> => runRepose(args, { cwd: root, env: all })
  const status = async () => JSON.parse((await repose('watch', '--do', 'status', '--json')).stdout) as Status
  const until = async (isSo: (now: Status) => boolean) => {
    for (let i = 0; i < 60; i++) {
      const now = await status()
      if (isSo(now)) return now
      await setTimeout(100)
    }
    throw new Error(`${JSON.stringify(await status())}\n${(await repose('watch', '--do', 'logs')).stdout}`)
  }
  onTestFinished(async () => {
    await repose('watch', '--do', 'stop')
  })
  return { root, home, env: all, db: join(root, '.git/repose/repose.db'), repose, status, until }
}

test('in the foreground it prints plain lines, keeps facts up to date, and ends with SIGTERM', async () => {
  const { root, env } = open({ watch: { ...WATCH, shortMinutes: 60 } })
  let asked = false
  const run = await runRepose(['watch'], {
    cwd: root,
    env,
    during(child) {
      let seen = ''
      child.stdout!.on('data', (data) => {
        seen += data
        if (/facts: 3 paths changed/.test(seen) && !asked) {
          asked = true
          void setTimeout(300).then(() => write(root, 'src/new.ts', 'export const fresh = 1\n'))
        }
        if (/facts: 1 path changed/.test(seen) && !child.killed) child.kill('SIGTERM')
      })
    },
  })
  expect(run.code).toBe(0)
  expect(run.stderr).toBe(`${root}: no model is set, so nothing is sent and nothing spent\n`)
  expect(run.stdout).toMatch(/watching files with chokidar: 3 files/)
  expect(run.stdout).toMatch(/active: src\/new\.ts changed at/)
  expect(run.stdout).toMatch(/stopped\n$/)
}, 60_000)

test('start, status, a second start, logs, stop', async () => {
  const { root, db, repose, status, until } = open({ watch: { ...WATCH, shortMinutes: 60 } })
  expect(await status()).toMatchObject({ running: false, pid: null })
  expect((await repose('watch', '--do', 'status')).stdout).toContain('no daemon watches it: repose watch start')
  expect((await repose('watch', '--do', 'logs')).stderr).toContain('there is no log yet')

  const started = await repose('watch', '--do', 'start')
  expect(started.code).toBe(0)
  const pid = Number(/started, pid (\d+)/.exec(started.stdout)![1])
  const now = await until(({ facts }) => facts !== null)
  expect(now).toMatchObject({ running: true, pid, root, state: 'active', spentToday: { tokens: 0 } })
  expect((await repose('watch', '--do', 'status')).stdout).toMatch(/watching +files: 3 files/)

  const second = await repose('watch', '--do', 'start')
  expect(second.code).toBe(1)
  expect(second.stderr).toContain(`pid ${pid} watches ${root} already`)
  const foreground = await repose('watch')
  expect(foreground.code).toBe(1)
  expect(foreground.stderr).toContain(`another daemon watches this repository (pid ${pid})`)

  expect((await repose('watch', '--do', 'logs', '--lines', '50')).stdout).toContain(`started, pid ${pid}: ${root}`)
  expect((await repose('watch', '--do', 'stop')).stdout).toBe(`stopped, pid ${pid}\n`)
  expect(await status()).toMatchObject({ running: false, pid: null })
  expect(existsSync(`${db}.watch.lock`)).toBe(false)
  expect((await repose('watch', '--do', 'stop')).stdout).toContain('no daemon watches')
}, 60_000)

test('after kill -9 it starts again, and the facts are whole', async () => {
  const { root, db, repose, until } = open({ watch: { ...WATCH, shortMinutes: 60 } })
  await repose('watch', '--do', 'start')
  const { pid } = await until(({ facts }) => facts !== null)
  process.kill(pid!, 'SIGKILL')
  write(root, 'src/meanwhile.ts', 'export const meanwhile = 1\n')
  await until(({ running }) => !running)
  expect((await repose('watch', '--do', 'start')).code).toBe(0)
  const again = await until(({ facts }) => facts !== null)
  expect(again.pid).not.toBe(pid)
  const store = openStore(db)
  onTestFinished(() => store.close())
  const { id } = store.facts.worktree(root)
  expect(store.facts.files(id).map(({ path }) => path)).toContain('src/meanwhile.ts')
}, 60_000)

test('with a model and a cap it thinks while nobody changes anything, and a save ends the pass; the next one goes on', async () => {
  const model = await startDaemonModel(800)
  onTestFinished(() => model.close())
  const config = { caps: { dayTokens: 100_000 }, sleep: { concurrency: 1 } }
  const { root, db, repose, until } = open(config, { OPENAI_BASE_URL: model.baseUrl, REPOSE_MODEL: 'local' })
  const started = await repose('watch', '--do', 'start')
  expect(started.stdout).toContain(
    `the text of files is sent to local at ${model.baseUrl}; at most 100000 tokens a day`,
  )
  await until(({ thinking }) => thinking != null)
  for (let i = 0; model.asked.length < 1 && i < 100; i++) await setTimeout(20)
  await setTimeout(100)
  write(root, 'src/vat.ts', 'export const rate = 0.2\n')
  await until(({ thinking }) => thinking == null)
  const store = openStore(db)
  onTestFinished(() => store.close())
  expect(store.ledger.receipts(9).at(-1)).toMatchObject({ stop: 'interrupted' })
  for (let i = 0; store.ledger.receipts(1)[0]!.stop !== 'done' && i < 300; i++) await setTimeout(50)
  expect(store.ledger.receipts(1)[0]).toMatchObject({ stop: 'done' })
  const answered = model.asked.filter((one) => one.answered).map(({ hash }) => hash)
  expect(new Set(answered).size).toBe(answered.length) // nothing was paid twice
  expect((await until(() => true)).spentToday.tokens).toBeGreaterThan(100)
  const night = await repose('status')
  expect(night.stdout).toMatch(/thinking since/)
}, 90_000)

test('with a model but without a cap nothing is sent, and it says so', async () => {
  const model = await startDaemonModel(0)
  onTestFinished(() => model.close())
  const { repose, until } = open({}, { OPENAI_BASE_URL: model.baseUrl, REPOSE_MODEL: 'local' })
  expect((await repose('watch', '--do', 'start')).stdout).toContain('no cap: nothing is sent and nothing spent')
  await until(({ reason }) => /nothing left to think about/.test(reason ?? ''))
  expect(model.asked).toEqual([])
}, 60_000)

test('a repository cannot say when this machine works or what it may spend', async () => {
  const { root, repose } = open()
  for (const key of ['caps', 'watch', 'repositories']) {
    write(root, 'repose.config.json', JSON.stringify({ [key]: {} }))
    const run = await repose('watch')
    expect(run.code).toBe(2)
    expect(run.stderr).toContain(`unknown key "${key}"`)
  }
})

test('install shows the unit and does nothing without --yes', async () => {
  const { root, home, repose } = open()
  const shown = await repose('watch', '--do', 'install')
  if (process.platform === 'win32') return expect(shown.code).toBe(2)
  expect(shown.code).toBe(1)
  expect(shown.stdout).toContain(root)
  expect(shown.stdout).toContain('nothing is done yet: say --yes to do it')
  expect(existsSync(join(home, '.config/systemd'))).toBe(false)
  expect(existsSync(join(home, 'Library'))).toBe(false)
  expect((await repose('watch', '--do', 'uninstall')).stdout).toContain('nothing is installed')
})

test('an action that does not exist is refused with those that do', async () => {
  const run = await open().repose('watch', '--do', 'begin')
  expect(run.code).toBe(2)
  expect(run.stderr).toContain("watch knows no 'begin'")
  expect(run.stderr).toContain('start, stop, restart, status, logs, install, uninstall')
})
