/**
 * Measures the daemon's cost and reaction times, run as a user would: `repose watch` on a copy of a repository (Linux).
 *
 *   node dist/bench/daemon.js rest REPOSITORY [--copies 1] [--minutes 10]     ready, memory, watches, processor at rest
 *   node dist/bench/daemon.js save REPOSITORY [--copies 1] [--tries 100]      from a save to the facts in the database
 *   node dist/bench/daemon.js wake REPOSITORY [--tries 200] [--delay-ms 3000] from a save to the pass stopped, with a slow model server
 *
 * REPOSITORY: a checkout; --copies puts this many copies side by side into one repository.
 */
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openStore } from '../src/store/open-store.ts'
import { childrenOf, handlesOf, megabytesOf, openDaemonLab, processorMsOf } from './daemon-lab.ts'
import { startDaemonModel } from './daemon-model.ts'
import { quantile } from './past-tasks.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    copies: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '10' },
    tries: { type: 'string' },
    'delay-ms': { type: 'string', default: '3000' },
  },
})
const [what, source] = positionals
const benches: Readonly<Record<string, (source: string) => Promise<void>>> = {
  rest,
  save,
  wake,
}
if (!what || !source || !(what in benches)) {
  console.error(
    'usage: node dist/bench/daemon.js rest|save|wake REPOSITORY [--copies N] [--minutes M] [--tries N] [--delay-ms MS]',
  )
  process.exit(2)
}
await benches[what]!(source)

async function rest(from: string): Promise<void> {
  const lab = openDaemonLab(from, {
    copies: Number(values.copies),
    config: { watch: { shortMinutes: 0.2, maxLoad: 1000 } },
  })
  try {
    const bare = await bareNode()
    const { child, readyMs } = await lab.start()
    const pid = child.pid!
    const watching = megabytesOf(pid)
    let workers = 0
    const sampler = setInterval(() => {
      workers = Math.max(
        workers,
        childrenOf(pid).reduce((sum, one) => sum + megabytesOf(one), 0),
      )
    }, 50)
    await lab.until('the first index', () => lab.state()?.facts != null, 600_000)
    clearInterval(sampler)
    const { watching: state, facts } = lab.state()!
    console.log(`${state!.files} files watched by ${state!.how}; node alone ${bare.toFixed(0)} MB`)
    console.log(
      `ready ${readyMs.toFixed(0)} ms after the start of the process (${state!.readyMs} ms of them opening watches)`,
    )
    console.log(
      `memory of the daemon when ready: ${watching.toFixed(0)} MB; first index took ${facts!.ms} ms, in a worker of ${workers.toFixed(0)} MB`,
    )
    await lab.until('the worker rests', () => lab.state()?.cause === 'nothing' && childrenOf(pid).length === 0, 400_000)
    await setTimeout(5000)
    const minutes = Number(values.minutes)
    const before = processorMsOf(pid)
    const started = performance.now()
    await setTimeout(minutes * 60_000)
    const share = (processorMsOf(pid) - before) / (performance.now() - started)
    const { open, watches } = handlesOf(pid)
    const memory = megabytesOf(pid)
    console.log(
      `at rest, over ${minutes} min: ${(share * 100).toFixed(3)} % of one processor; ${memory.toFixed(0)} MB (${(memory - bare).toFixed(0)} above node alone); ${watches} inotify watches, ${open} open handles`,
    )
    child.kill('SIGTERM')
    await new Promise((done) => child.on('exit', done))
  } finally {
    rmSync(lab.scratch, { recursive: true, force: true })
  }
}

async function save(from: string): Promise<void> {
  const lab = openDaemonLab(from, { copies: Number(values.copies), config: { watch: { shortMinutes: 600 } } })
  try {
    const { child } = await lab.start()
    await lab.until('the first index', () => lab.state()?.facts != null, 600_000)
    const store = openStore(lab.db)
    const times: number[] = []
    for (let i = 0; i < Number(values.tries ?? 100); i++) {
      const name = `savedNumber${i}`
      await setTimeout(700 + Math.random() * 800) // like a user's saves
      writeFileSync(
        join(lab.root, `saved${i % 10}.ts`),
        `/** Saved. */\nexport function ${name}(): number {\n  return ${i}\n}\n`,
      )
      const saved = performance.now()
      await lab.until(`facts of ${name}`, () => {
        const found = store.db.get(
          'SELECT 1 FROM symbol JOIN file ON file.source = symbol.source WHERE name = ? AND path LIKE ?',
          name,
          'saved%',
        )
        return found !== undefined
      })
      times.push(performance.now() - saved)
    }
    store.close()
    const { watching } = lab.state()!
    console.log(
      `${watching!.files} files watched by ${watching!.how}; ${times.length} saves, to facts in the database: ${inWords(times)}`,
    )
    child.kill('SIGTERM')
    await new Promise((done) => child.on('exit', done))
  } finally {
    rmSync(lab.scratch, { recursive: true, force: true })
  }
}

async function wake(from: string): Promise<void> {
  const model = await startDaemonModel(Number(values['delay-ms']))
  const lab = openDaemonLab(from, {
    copies: Number(values.copies),
    config: {
      watch: { shortMinutes: 0.005, longMinutes: 600, maxLoad: 1000, shortTokens: 10_000_000 },
      caps: { dayTokens: 1e12 },
    },
    env: { OPENAI_BASE_URL: model.baseUrl, REPOSE_MODEL: 'slow' },
  })
  try {
    const { child } = await lab.start()
    await lab.until('the first index', () => existsSync(lab.db) && lab.state()?.facts != null, 600_000)
    const store = openStore(lab.db)
    const times: number[] = []
    const target = lab.git('ls-files', '*.py', '*.ts', '*.go').split('\n')[0]!
    for (let i = 0; i < Number(values.tries ?? 200); i++) {
      await lab.until('a call is under way', () => model.waiting > 0)
      const { id } = store.ledger.receipts(1)[0]!
      await setTimeout(Math.random() * 400)
      appendFileSync(join(lab.root, target), '\n')
      const saved = performance.now()
      const isStopped = () =>
        store.db.get('SELECT 1 FROM pass WHERE id = ? AND ended_at IS NOT NULL', id) !== undefined &&
        model.waiting === 0
      await lab.until('the pass is stopped', isStopped)
      times.push(performance.now() - saved)
    }
    const wrong = store.ledger.receipts(1000).filter((pass) => pass.stop !== 'interrupted' && pass.endedAt !== null)
    store.close()
    console.log(
      `${times.length} saves while calls were under way (answers after ${values['delay-ms']} ms), to the pass stopped and its receipt closed: ${inWords(times)}`,
    )
    console.log(`passes that ended otherwise: ${wrong.length}`)
    child.kill('SIGTERM')
    await new Promise((done) => child.on('exit', done))
  } finally {
    await model.close()
    rmSync(lab.scratch, { recursive: true, force: true })
  }
}

function inWords(times: readonly number[]): string {
  const at = (part: number) => `${quantile(times, part).toFixed(0)} ms`
  return `median ${at(0.5)}, p95 ${at(0.95)}, most ${Math.max(...times).toFixed(0)} ms`
}

/** Memory of an idle node process, for comparison. */
async function bareNode(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  await setTimeout(1000)
  const megabytes = megabytesOf(child.pid!)
  child.kill()
  return megabytes
}
