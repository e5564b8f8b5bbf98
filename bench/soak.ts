/**
 * Runs `repose watch` beside a simulated busy developer for half an hour, and checks the result (Linux).
 *
 *   node dist/bench/soak.js REPOSITORY [--minutes 30] [--seed 1] [--no-kills]
 *
 * On a copy of the repository: edits, new, deleted and renamed files, commits, branch switches, rebases, stashes, git clean, bulk
 * rewrites, and pauses with passes on a local model server. In the first third the daemon is also killed (-9) and started again; its
 * worker is killed all the time. At the end: facts against a fresh index, summaries lost or paid for twice, memory and handles of the
 * last daemon.
 */
import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { seeded } from '../src/backtest/seeded.ts'
import { DEFAULTS } from '../src/config/defaults.ts'
import { countEach } from '../src/groups.ts'
import { refreshFacts } from '../src/indexing/refresh-facts.ts'
import { openRepo } from '../src/repo/open-repo.ts'
import { openStore, type Store } from '../src/store/open-store.ts'
import { childrenOf, handlesOf, megabytesOf, openDaemonLab } from './daemon-lab.ts'
import { startDaemonModel } from './daemon-model.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    'no-kills': { type: 'boolean', default: false },
  },
})
if (!positionals[0]) {
  console.error('usage: node dist/bench/soak.js REPOSITORY [--minutes 30] [--seed 1]')
  process.exit(2)
}
const minutes = Number(values.minutes)
const random = seeded(Number(values.seed))
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!

const ANSWERS_MS = 300
const model = await startDaemonModel(ANSWERS_MS)
const lab = openDaemonLab(positionals[0], {
  config: { watch: { shortMinutes: 0.05, longMinutes: 0.3, maxLoad: 1000 }, caps: { dayTokens: 1e12 } },
  env: { OPENAI_BASE_URL: model.baseUrl, REPOSE_MODEL: 'soak' },
})
const did = new Map<string, number>()
let daemon: ChildProcess
let kills = 0
const killedAt: number[] = [] // milliseconds since 1970, daemons and workers
let lostWorkers = 0
const samples: { memory: number; open: number; watches: number }[] = []

try {
  daemon = (await lab.start()).child
  await play()
  await finish()
} finally {
  daemon!.kill('SIGKILL')
  await model.close()
  rmSync(lab.scratch, { recursive: true, force: true })
}

async function play(): Promise<void> {
  const actions: readonly (readonly [weight: number, name: string, work: () => void | Promise<void>])[] = [
    [10, 'edit', edit],
    [3, 'new file', () => put(`${dirname(pick(files()))}/soak${Math.floor(random() * 50)}.ts`, text())],
    [2, 'deleted file', () => rmSync(join(lab.root, pick(files())), { force: true })],
    [2, 'renamed file', rename],
    [4, 'commit', commit],
    [3, 'branch switch', switchBranch],
    [2, 'rebase', rebase],
    [2, 'stash and pop', stash],
    [1, 'git clean', () => git('clean', '-fdq')],
    [1, 'bulk rewrite', bulk],
    [6, 'pause', () => setTimeout(3000 + random() * 12_000)],
    [values['no-kills'] ? 0 : 1, 'worker killed', killWorker],
  ]
  const started = performance.now()
  const end = started + minutes * 60_000
  let nextKill = values['no-kills'] ? Infinity : started + 30_000
  let nextSample = 0
  while (performance.now() < end) {
    const now = performance.now()
    if (now > nextKill && now < started + (end - started) / 3) {
      await kill()
      nextKill = now + 40_000 + random() * 60_000
    }
    if (now > nextSample && now > started + (end - started) / 3 + 60_000) {
      nextSample = now + 20_000
      samples.push({ memory: megabytesOf(daemon.pid!), ...handlesOf(daemon.pid!) })
    }
    if (daemon.exitCode !== null) throw new Error(`the daemon ended by itself: exit code ${daemon.exitCode}`)
    const [, name, work] = weighted(actions)
    await work()
    did.set(name, (did.get(name) ?? 0) + 1)
    await setTimeout(random() * 900)
  }
}

async function finish(): Promise<void> {
  git('rebase', '--abort')
  await lab.until('the last pass', () => lab.state()?.cause === 'nothing', 300_000)
  const { watching, heartbeats } = lab.state()!
  const last = { memory: megabytesOf(daemon.pid!), ...handlesOf(daemon.pid!) }
  daemon.kill('SIGTERM')
  await once(daemon, 'exit')

  console.log(
    `actions: ${[...did].map(([name, times]) => `${name} ${times}`).join(', ')}; daemon killed ${kills} times, workers in the midst of calls ${lostWorkers} times`,
  )
  console.log(
    `watching ${watching!.how}, ${watching!.files} files; learned as heartbeats: ${heartbeats.map(({ path }) => path).join(', ') || 'none'}`,
  )
  const store = openStore(lab.db)
  const fresh = openStore(join(lab.scratch, 'fresh.db'))
  const repo = await openRepo(lab.root)
  const full = await refreshFacts(repo, fresh, DEFAULTS)
  const { id: worktree } = store.facts.worktree(repo.root)
  const ours = facts(store, worktree)
  const theirs = facts(fresh, full.worktree)
  for (const part of Object.keys(ours)) {
    const isEqual = JSON.stringify(ours[part]) === JSON.stringify(theirs[part])
    console.log(`facts, ${part}: ${isEqual ? 'equal to a fresh index' : 'DIFFERENT'} (${ours[part]!.length} rows)`)
  }
  summaries(store)
  const first = samples[0]!
  const describe = ({ memory, open, watches }: typeof last) =>
    `${memory.toFixed(0)} MB, ${open} handles, ${watches} watches`
  console.log(
    `the last daemon: ${describe(first)} after its first minute; ${describe(samples.at(-1)!)} while at work last; ${describe(last)} at the end`,
  )
  console.log(`samples of memory, MB: ${samples.map(({ memory }) => memory.toFixed(0)).join(' ')}`)
  const log = readFileSync(`${lab.db}.watch.log`, 'utf8')
  const troubles = log.split('\n').filter((line) => / stopped: |cannot|broke off|the watcher says/.test(line))
  console.log(`troubles in the log: ${troubles.length}${troubles.map((line) => `\n  ${line}`).join('')}`)
  store.close()
  fresh.close()
}

function summaries(store: Store): void {
  const answered = model.asked.filter((one) => one.answered)
  const passes = store.ledger.receipts(100_000)
  const ends = countEach(passes.map(({ stop }) => stop ?? 'killed'))
  console.log(`passes: ${[...ends].map(([end, times]) => `${end} ${times}`).join(', ')}`)
  console.log(`calls: ${model.asked.length} asked, ${answered.length} answered`)
  const bodies = store.db.all<{ body: string }>("SELECT body FROM summary WHERE model = 'soak'").map(({ body }) => body)
  const saved = new Set(answered.map(({ hash }) => hash).filter((hash) => bodies.some((body) => body.includes(hash))))
  const ended = passes.filter(({ stop }) => stop === 'interrupted').map(({ endedAt }) => endedAt!)
  const near = (times: readonly number[], at: number) => times.some((time) => Math.abs(time - at - ANSWERS_MS) < 2500)
  for (const kind of ['file', 'module', 'repository']) {
    const calls = answered.filter(({ name }) => name === `${kind}_summary`)
    // of two answers, the first may have been lost
    const again = calls.filter(({ hash }, i) => saved.has(hash) && calls.findLastIndex((one) => one.hash === hash) > i)
    const lost = calls.filter(({ hash }) => !saved.has(hash))
    const counts = (list: typeof calls) => {
      const killed = list.filter(({ at }) => near(killedAt, at)).length
      const woken = list.filter(({ at }) => !near(killedAt, at) && near(ended, at)).length
      return `${list.length} (${killed} as something was killed, ${woken} as a pass was ended, ${list.length - killed - woken} otherwise)`
    }
    console.log(`  ${kind}: ${calls.length} answered; in no summary: ${counts(lost)}; asked again: ${counts(again)}`)
    for (const { hash, at } of again) {
      const [next] = calls.filter((one) => one.hash === hash && one.at > at)
      const nearest = Math.min(...[...ended, ...killedAt].map((time) => Math.abs(time - at - ANSWERS_MS)))
      const later = next ? `${((next.at - at) / 1000).toFixed(1)} s later` : 'at the same time'
      console.log(
        `    ${hash} again ${later}; a pass ended or something was killed ${(nearest / 1000).toFixed(1)} s from the first answer`,
      )
    }
  }
}

function facts(store: Store, worktree: number): Record<string, unknown[]> {
  const all = (sql: string) => store.db.all(sql, worktree)
  return {
    files: all(
      'SELECT path, blob, language, bytes, lines, coalesce(file.reason, source.reason) AS reason, doc FROM file LEFT JOIN source ON source.id = file.source WHERE worktree = ? ORDER BY path',
    ),
    symbols: all(
      'SELECT path, position, qualified, kind, first_line, last_line, signature, symbol.doc, hash FROM file JOIN symbol ON symbol.source = file.source WHERE worktree = ? ORDER BY path, position',
    ),
    uses: all(
      'SELECT path, kind, text, line FROM file JOIN reference ON reference.source = file.source JOIN name ON name.id = reference.name WHERE worktree = ? ORDER BY 1, 2, 3',
    ),
    imports: all(
      'SELECT a.path AS importer, b.path AS imported, certainty FROM import JOIN file a ON a.id = from_file JOIN file b ON b.id = to_file WHERE a.worktree = ? ORDER BY 1, 2',
    ),
    history: all(
      'SELECT hash, subject FROM reach JOIN past_commit ON past_commit.id = past_commit WHERE worktree = ? ORDER BY position',
    ),
  }
}

// ---- what the developer does

function git(...args: string[]): boolean {
  return spawnSync('git', args, { cwd: lab.root, stdio: 'ignore' }).status === 0
}

function files(): string[] {
  const listed = lab.git('ls-files', '*.ts', '*.py', '*.js', '*.go', '*.md').split('\n').filter(Boolean)
  return listed.length > 0 ? listed : ['empty.ts']
}

function text(): string {
  return `/** Made in the soak. */\nexport function soak${Math.floor(random() * 1e9)}(value: number): number {\n  return value * ${Math.floor(random() * 100)}\n}\n`
}

function put(path: string, content: string): void {
  mkdirSync(dirname(join(lab.root, path)), { recursive: true })
  writeFileSync(join(lab.root, path), content)
}

function edit(): void {
  const path = join(lab.root, pick(files()))
  if (existsSync(path)) appendFileSync(path, text())
}

function rename(): void {
  const from = pick(files())
  if (existsSync(join(lab.root, from)))
    renameSync(join(lab.root, from), join(lab.root, `${dirname(from)}/moved${Math.floor(random() * 30)}.ts`))
}

function commit(): void {
  git('add', '-A')
  git('commit', '-q', '--allow-empty', '-m', `change ${Math.floor(random() * 1e6)}`)
}

function switchBranch(): void {
  commit()
  const branch = `b${Math.floor(random() * 4)}`
  if (!git('switch', '-q', branch)) git('switch', '-q', '-c', branch)
}

async function rebase(): Promise<void> {
  commit()
  if (git('rebase', '-q', `b${Math.floor(random() * 4)}`)) return
  await setTimeout(random() * 3000) // the developer looks at the conflict
  git('rebase', '--abort')
}

async function stash(): Promise<void> {
  if (!git('stash', '-q', '-u')) return
  await setTimeout(random() * 2000)
  if (!git('stash', 'pop', '-q')) {
    git('checkout', '-q', '-f', '.')
    git('stash', 'drop', '-q')
  }
}

async function bulk(): Promise<void> {
  for (const path of files().slice(0, 400))
    if (existsSync(join(lab.root, path))) appendFileSync(join(lab.root, path), '\n')
  await setTimeout(random() * 4000)
  if (random() < 0.7) git('checkout', '-q', '-f', '.')
}

async function kill(): Promise<void> {
  daemon.kill('SIGKILL')
  killedAt.push(Date.now())
  await once(daemon, 'exit')
  kills++
  daemon = (await lab.start()).child
}

function killWorker(): void {
  for (const pid of childrenOf(daemon.pid!)) {
    process.kill(pid, 'SIGKILL')
    killedAt.push(Date.now())
    if (model.waiting > 0) lostWorkers++ // up to four answers are lost with it
  }
}

function weighted<T extends readonly [number, ...unknown[]]>(list: readonly T[]): T {
  let at = random() * list.reduce((sum, [weight]) => sum + weight, 0)
  for (const one of list) {
    at -= one[0]
    if (at < 0) return one
  }
  return list.at(-1)!
}
