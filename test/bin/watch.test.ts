import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startDaemonModel } from '../../bench/daemon-model.ts'
import { logPath } from '../../src/daemon/log.ts'
import { readState } from '../../src/daemon/read-state.ts'
import { saveState } from '../../src/daemon/state.ts'
import { openStore } from '../../src/store/open-store.ts'
import { isWindows } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { write } from '../repo/scratch-repo.ts'
import { openWatchLab, WATCH } from './watch-lab.ts'

test.skipIf(isWindows)(
  'in the foreground it prints plain lines, keeps facts up to date, and ends with SIGTERM',
  async () => {
    const { root, env } = openWatchLab({ watch: { ...WATCH, shortMinutes: 60 } })
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
            write(root, 'src/new.ts', 'export const fresh = 1\n')
          }
          // on a busy machine the facts are refreshed before the log says who is active
          if (/facts: 1 path changed/.test(seen) && /active: src\/new/.test(seen) && !child.killed)
            child.kill('SIGTERM')
        })
      },
    })
    expect(run.code).toBe(0)
    expect(run.stderr).toBe(`${root}: no model is set, so nothing is sent and nothing spent\n`)
    expect(run.stdout).toMatch(/watching files with chokidar: 3 files/)
    expect(run.stdout).toMatch(/active: src\/new\.ts changed at/)
    expect(run.stdout).toMatch(/stopped\n$/)
  },
  60_000,
)

test('start, status, a second start, logs, stop', async () => {
  const { root, db, repose, watch, status, until } = openWatchLab({ watch: { ...WATCH, shortMinutes: 60 } })
  expect(await status()).toMatchObject({ running: false, pid: null })
  expect((await watch('status')).stdout).toContain('no daemon watches it: repose watch start')
  expect((await watch('logs')).stderr).toContain('there is no log yet')

  const started = await watch('start')
  expect(started.code).toBe(0)
  const pid = Number(/started, pid (\d+)/.exec(started.stdout)![1])
  const now = await until(({ facts }) => facts !== null)
  expect(now).toMatchObject({ running: true, pid, root, state: 'active', spentToday: { tokens: 0 } })
  expect((await watch('status')).stdout).toMatch(isWindows ? /watching +folders: 3 files/ : /watching +files: 3 files/)

  const second = await watch('start')
  expect(second.code).toBe(1)
  expect(second.stderr).toContain(`pid ${pid} watches ${root} already`)
  const foreground = await repose('watch')
  expect(foreground.code).toBe(1)
  expect(foreground.stderr).toContain(`another daemon watches this repository (pid ${pid})`)

  expect((await watch('logs', '--lines', '50')).stdout).toContain(`started, pid ${pid}: ${root}`)
  const lines = (await watch('logs', '--lines', '50', '--json')).stdout.trimEnd().split('\n')
  const told = lines.map((line) => JSON.parse(line) as { at: string; text: string })
  expect(told.map(({ text }) => text)).toContain(`started, pid ${pid}: ${root}`)
  expect(Math.abs(Date.parse(told.at(-1)!.at) - Date.now())).toBeLessThan(120_000)
  expect((await watch('stop')).stdout).toBe(`stopped, pid ${pid}\n`)
  expect(await status()).toMatchObject({ running: false, pid: null })
  expect(existsSync(`${db}.watch.lock`)).toBe(false)
  expect((await watch('stop')).stdout).toContain('no daemon watches')
}, 60_000)

test('with --json every action prints JSON alone; a database of the environment, named from where one stands, is that of the daemon too', async () => {
  const { root, watch } = openWatchLab({ watch: { ...WATCH, shortMinutes: 60 } }, { REPOSE_DB: '.git/own.db' })
  const json = async (action: string) => JSON.parse((await watch(action, '--json')).stdout) as Record<string, unknown>
  expect(await json('stop')).toEqual({ stopped: [] })
  const { pid, roots } = await json('start')
  expect(roots).toEqual([root])
  const again = await json('restart')
  expect(again).toMatchObject({ roots: [root], pid: expect.any(Number) })
  expect(again.pid).not.toBe(pid)
  expect(await json('stop')).toEqual({ stopped: [{ root, pid: again.pid, killed: false }] })
  expect(existsSync(join(root, '.git/own.db'))).toBe(true)
  expect(existsSync(join(root, '.git/repose/repose.db'))).toBe(false)
  if (!isWindows) expect(await json('install')).toMatchObject({ installed: false, unit: expect.stringContaining(root) })
  if (!isWindows) expect(await json('uninstall')).toMatchObject({ installed: false })
}, 60_000)

test('a database named from where one stands is that of the daemon too', async () => {
  const { root, watch } = openWatchLab()
  const args = ['--db', '.git/own.db']
  await watch('start', ...args)
  const { stdout } = await watch('stop', ...args)
  expect(stdout).toMatch(/^stopped, pid/)
  expect(existsSync(join(root, '.git/own.db'))).toBe(true)
})

test('after kill -9 it starts again, and the facts are whole; a daemon that does not move is told from one at work', async () => {
  const { root, db, watch, until } = openWatchLab({ watch: { ...WATCH, shortMinutes: 60 } })
  await watch('start')
  const { pid } = await until(({ facts }) => facts !== null)
  process.kill(pid!, 'SIGKILL')
  write(root, 'src/meanwhile.ts', 'export const meanwhile = 1\n')
  await until(({ running }) => !running)
  expect((await watch('start')).code).toBe(0)
  const again = await until(({ facts }) => facts !== null)
  expect(again.pid).not.toBe(pid)
  const store = openStore(db)
  onTestFinished(() => store.close())
  const { id } = store.facts.worktree(root)
  expect(store.facts.files(id).map(({ path }) => path)).toContain('src/meanwhile.ts')

  if (isWindows) return
  expect((await watch('status')).stdout).not.toContain('has written nothing')
  process.kill(again.pid!, 'SIGSTOP')
  saveState(db, { ...readState(db)!, writtenAt: Date.now() - 61_000 })
  expect((await watch('status')).stdout).toMatch(
    new RegExp(`pid ${again.pid} has written nothing since \\d\\d:\\d\\d:\\d\\d: repose watch restart`),
  )
  expect((await watch('stop')).stdout).toContain('it did not answer and was killed')
}, 60_000)

test('with a model and a cap it thinks while nobody changes anything, and a save ends the pass; the next one goes on', async () => {
  const model = await startDaemonModel(800)
  onTestFinished(() => model.close())
  const config = { caps: { dayTokens: 100_000 }, sleep: { concurrency: 1 } }
  const { root, db, repose, watch, until } = openWatchLab(config, {
    OPENAI_BASE_URL: model.baseUrl,
    REPOSE_MODEL: 'local',
  })
  const started = await watch('start')
  expect(started.stdout).toContain(
    `the text of files is sent to local at ${model.baseUrl}; at most 100,000 tokens a day`,
  )
  await until(({ thinking }) => thinking != null)
  for (let i = 0; model.asked.length < 1 && i < 100; i++) await setTimeout(20)
  for (let i = 0; model.asked.length < 2 && i < 100; i++) await setTimeout(20)
  expect((await watch('status')).stdout).toMatch(
    /thinks about .*\n +spent today +[1-9][\d,]* tokens; a pass may spend 9\d,/,
  )
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
  expect(night.stdout).toMatch(/^\d pass(es)? since /m)
}, 90_000)

describe('requests of the backlog', () => {
  /** Judges a request as ready, drafts it, and writes notes on files. */
  async function startNightModel() {
    const asked: string[] = []
    const server = createServer(async (incoming, response) => {
      const { messages, response_format: format } = JSON.parse(await text(incoming))
      const said = messages.map(({ content }: { content: string }) => content).join('\n')
      const content = format
        ? '{"purpose": "does its part", "changesWith": "", "watchOut": "", "concepts": [], "symbols": [], "parts": [], "howToExtend": "", "layout": [], "conventions": []}'
        : said.includes('"verdict"')
          ? '{"verdict": "ready"}'
          : said.includes('=== src/vat.ts')
            ? '@@ replace src/vat.ts\n<<<<<<< find\n  return price\n======= replace\n  return price * 1.2\n>>>>>>> end\n'
            : 'open src/vat.ts'
      asked.push(format ? 'note' : content.split('\n', 1)[0]!)
      const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }]
      const usage = { prompt_tokens: 100, completion_tokens: 10 }
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ id: 'c', object: 'chat.completion', choices, usage }))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    return { asked, env: { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, REPOSE_MODEL: 'local' } }
  }
  /** Waits for the log: a list takes as much processor time as hundreds of looks at it, and the daemon looks every ten seconds. */
  async function untilDrafted({ db, repose }: ReturnType<typeof openWatchLab>): Promise<void> {
    await expect.poll(() => readFileSync(logPath(db), 'utf8'), { timeout: 30_000 }).toContain(': 1 request drafted')
    expect((await repose('backlog')).stdout).toMatch(/ 1 +Add the tax to the price +drafted/)
  }
  const NIGHT = { caps: { dayTokens: 100_000 }, backlog: { draft: true }, checks: [] }

  test('a request that is added while everything is fresh is drafted in the same rest', async () => {
    const { asked, env } = await startNightModel()
    const lab = openWatchLab({ ...NIGHT, watch: { ...WATCH, longMinutes: 2 / 60 } }, env)
    const { repose, watch, until } = lab
    await watch('start')
    await until(({ reason, lastPass }) => lastPass?.grade === 'long' && /nothing left/.test(reason ?? ''))
    await repose('backlog', 'add', 'Add the tax to the price')
    await untilDrafted(lab)
    expect(asked.filter((one) => one !== 'note')).toEqual(['{"verdict": "ready"}', '@@ replace src/vat.ts'])
    await until(({ thinking }) => thinking == null)
    expect((await watch('logs')).stdout).toMatch(/pass done: 1 request drafted/)
  }, 60_000)

  test('if the cap leaves too little for a draft, the daemon says so and waits for the next day; a cap that is raised is noticed', async () => {
    const { asked, env } = await startNightModel()
    const watching = { ...WATCH, longMinutes: 2 / 60 }
    const lab = openWatchLab({ ...NIGHT, caps: { dayTokens: 2000 }, watch: watching }, env)
    const { home, repose, watch, until } = lab
    await repose('backlog', 'add', 'Add the tax to the price')
    await watch('start')
    const { state, reason } = await until(({ lastPass }) => lastPass?.grade === 'long')
    expect({ state, reason }).toEqual({
      state: 'held',
      reason: expect.stringMatching(
        /^2,000 tokens of the cap of the day are left, and a draft takes more than 3,000 \(raise the cap of the day .*or wait until tomorrow\)$/,
      ),
    })
    expect(asked).toEqual([])

    writeFileSync(join(home, 'repose/config.json'), JSON.stringify({ watch: watching, ...NIGHT }))
    await untilDrafted(lab)
    expect((await watch('logs')).stdout).toContain('your configuration or what you trust has changed')
  }, 90_000)

  test('an endpoint that is corrected in the configuration is tried at once', async () => {
    const { env } = await startNightModel()
    const config = { ...NIGHT, model: 'local', watch: { ...WATCH, longMinutes: 2 / 60 } }
    const lab = openWatchLab({ ...config, baseUrl: 'http://127.0.0.1:9/v1' }, { OPENAI_API_KEY: 'x' })
    const { home, repose, watch, until } = lab
    await repose('backlog', 'add', 'Add the tax to the price')
    await watch('start')
    await until(({ reason }) => /^the last pass failed at/.test(reason ?? ''))
    expect((await watch('status')).stdout).toContain('the last pass failed at')
    writeFileSync(join(home, 'repose/config.json'), JSON.stringify({ ...config, baseUrl: env.OPENAI_BASE_URL }))
    await untilDrafted(lab)
    await until(({ thinking }) => thinking == null)
  }, 90_000)

  test('while a request waits, a short pass spends nothing', async () => {
    const { asked, env } = await startNightModel()
    const { repose, watch, until } = openWatchLab({ ...NIGHT, watch: { ...WATCH, longMinutes: 60 } }, env)
    await repose('backlog', 'add', 'Add the tax to the price')
    await watch('start')
    const why = /^1 request waits for a draft, and what the caps leave is kept for it; a long pass begins at/
    const { lastPass } = await until(({ reason }) => why.test(reason ?? '')) // at first, when it was ended
    expect(lastPass).not.toBe(null)
    expect(asked).toEqual([])
  }, 60_000)
})

test('with a model but without a cap nothing is sent, and it says so', async () => {
  const model = await startDaemonModel(0)
  onTestFinished(() => model.close())
  const { watch, until } = openWatchLab({}, { OPENAI_BASE_URL: model.baseUrl, REPOSE_MODEL: 'local' })
  expect((await watch('start')).stdout).toContain('no cap: nothing is sent and nothing spent')
  await until(({ reason }) => /nothing left to think about/.test(reason ?? ''))
  expect(model.asked).toEqual([])
}, 60_000)

test('a repository cannot say when this machine works or what it may spend', async () => {
  const { root, repose } = openWatchLab()
  for (const key of ['caps', 'watch', 'repositories']) {
    write(root, 'repose.config.json', JSON.stringify({ [key]: {} }))
    const run = await repose('watch')
    expect(run.code).toBe(2)
    expect(run.stderr).toContain(`unknown key "${key}"`)
  }
})

test('an action that does not exist is refused with those that do', async () => {
  const run = await openWatchLab().watch('begin')
  expect(run.code).toBe(2)
  expect(run.stderr).toContain("watch knows no 'begin'")
  expect(run.stderr).toContain('say start, stop, restart, status, logs, install or uninstall, or nothing')
})

test('the log is followed letter by letter, whatever alphabet it is in, also into a new file', async () => {
  const { root, env, db, watch } = openWatchLab()
  const log = `${db}.watch.log`
  mkdirSync(dirname(log), { recursive: true })
  writeFileSync(log, 'active: src/größe.ts changed\n')
  const run = await runRepose(['watch', ...watch.words('logs'), '--lines', '1', '--follow'], {
    cwd: root,
    env,
    during(child) {
      const steps: (readonly [shown: string, then: () => void])[] = [
        ['größe.ts changed', () => appendFileSync(log, 'active: src/été.ts changed\n')],
        ['été.ts changed', () => writeFileSync(log, 'anew\n')], // put aside, and begun again
        ['anew', () => child.kill('SIGINT')],
      ]
      let seen = ''
      child.stdout!.setEncoding('utf8').on('data', (data) => {
        seen += data
        if (seen.includes(steps[0]?.[0] ?? '\n\n')) steps.shift()![1]()
      })
    },
  })
  expect(run.stdout).toBe('active: src/größe.ts changed\nactive: src/été.ts changed\nanew\n')
}, 60_000)
