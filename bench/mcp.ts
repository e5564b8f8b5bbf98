/**
 * How fast the MCP server answers.
 *
 *   node dist/bench/mcp.js REPOSITORY [--calls 100] [--starts 5]
 *
 * In process: a client of the SDK asks for packs of the repository's newest commits by their titles, then the other tools. Facts are brought
 * up to date before each answer, as always. Fresh process: from its start to its first answer, on the indexed repository. Prints
 * milliseconds; cpu: processor time of this process alone, without git. The index is made in a database of its own.
 */

import './bare-clones.ts'
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { InMemoryTransport } from '@modelcontextprotocol/server'
import { table } from '../bin/format.ts'
import { Repositories } from '../bin/mcp/repositories.ts'
import { serveClient } from '../bin/mcp/serve-stdio.ts'
import { PACKAGE_ROOT } from '../src/assets.ts'
import { quantile } from './past-tasks.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { calls: { type: 'string', default: '100' }, starts: { type: 'string', default: '5' } },
})
if (!positionals[0]) {
  console.error('usage: node dist/bench/mcp.js REPOSITORY [--calls 100] [--starts 5]')
  process.exit(2)
}
const folder = resolve(positionals[0])
const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim().split('\n')
const scratch = mkdtempSync(join(tmpdir(), 'repose-mcp-'))
const db = join(scratch, 'x.db')
const titles = git('log', '--no-merges', '--format=%s', '-n', values.calls)
const paths = git('log', '--no-merges', '--format=', '--name-only', '--diff-filter=M', '-n', '60').filter(Boolean)
const sources = [...new Set(paths)].filter((path) => /\.(ts|js|py|go|rs|java|php)$/.test(path)).slice(0, 20)

const rows: string[][] = [['', 'p50', 'p95', 'max', 'cpu p50', 'cpu p95', 'calls']]
try {
  await inProcess()
  await fresh()
  console.log(`${positionals[0]}: ${git('ls-files').length} files\n${table(rows)}`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

async function inProcess(): Promise<void> {
  const repositories = new Repositories({ db })
  const [here, there] = InMemoryTransport.createLinkedPair()
  const server = serveClient({ version: '0', repositories, folder, usesRoots: false, onBug: console.error }, there)
  const client = new Client({ name: 'bench', version: '1' })
  await client.connect(here)
  await measure(client, 'first call, cold index', 'find', [{ text: 'x' }])
  const [warm] = titles
  await client.callTool({ name: 'prepare_change', arguments: { request: warm } })
  await measure(
    client,
    'prepare_change',
    'prepare_change',
    titles.map((request) => ({ request })),
  )
  await measure(
    client,
    'show, three places',
    'show',
    sources.map((path) => ({ looks: [path, `${path}:1-40`, 'search error in .'] })),
  )
  await measure(
    client,
    'explain a file',
    'explain',
    sources.map((about) => ({ about })),
  )
  await measure(
    client,
    'explain a question',
    'explain',
    titles.slice(0, 20).map((title) => ({ about: `Where is this done: ${title}?` })),
  )
  await measure(
    client,
    'what_changes_with',
    'what_changes_with',
    sources.map((path) => ({ paths: [path] })),
  )
  await measure(
    client,
    'find',
    'find',
    ['error', 'options', 'render', 'parse', 'config'].map((text) => ({ text })),
  )
  await client.close()
  await server.close()
  await repositories.close()
}

async function measure(client: Client, what: string, name: string, calls: readonly object[]): Promise<void> {
  const [times, cpu]: [number[], number[]] = [[], []]
  for (const args of calls) {
    const start = performance.now()
    const before = process.cpuUsage()
    const answer = await client.callTool({ name, arguments: { ...args } }, { timeout: 600_000 })
    const { user, system } = process.cpuUsage(before)
    times.push(performance.now() - start)
    cpu.push((user + system) / 1000)
    if (answer.isError) throw new Error(JSON.stringify(answer.content))
  }
  note(what, times, cpu)
}

async function fresh(): Promise<void> {
  const times: number[] = []
  for (let i = 0; i < Number(values.starts); i++) {
    const start = performance.now()
    const client = new Client({ name: 'bench', version: '1' })
    const args = [join(PACKAGE_ROOT, 'dist/bin/repose.js'), 'mcp', '--repo', folder, '--db', db]
    await client.connect(new StdioClientTransport({ command: process.execPath, args }))
    await client.callTool({ name: 'prepare_change', arguments: { request: titles[i % titles.length] } })
    times.push(performance.now() - start)
    await client.close()
  }
  note('fresh process, first answer', times, [])
  const node: number[] = []
  for (let i = 0; i < Number(values.starts); i++) {
    const start = performance.now()
    await new Promise((done) => spawn(process.execPath, ['-e', '0']).on('close', done))
    node.push(performance.now() - start)
  }
  note('node alone', node, [])
}

function note(what: string, times: readonly number[], cpu: readonly number[]): void {
  const ms = (all: readonly number[], share: number) => (all.length === 0 ? '' : quantile(all, share).toFixed(0))
  rows.push([
    what,
    ms(times, 0.5),
    ms(times, 0.95),
    Math.max(...times).toFixed(0),
    ms(cpu, 0.5),
    ms(cpu, 0.95),
    String(times.length),
  ])
}
