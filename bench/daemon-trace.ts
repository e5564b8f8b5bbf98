/**
 * Records the events that the daemon receives while a command runs, for test/daemon/traces.test.ts.
 *
 *   node dist/bench/daemon-trace.js REPOSITORY [--after-ms 1000] -- COMMAND [ARGUMENT]...
 *
 * Prints JSON: the command, how long it ran, and [ms since its start, path] of every event.
 */
import './bare-clones.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { watchGit } from '../src/daemon/watch-git.ts'
import { watchTree } from '../src/daemon/watch-tree.ts'
import { gitDirOf } from '../src/repo/git-dir-of.ts'
import { openRepo } from '../src/repo/open-repo.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'after-ms': { type: 'string', default: '1000' } },
})
const [folder, ...command] = positionals
if (!folder || command.length === 0) {
  console.error('usage: node dist/bench/daemon-trace.js REPOSITORY [--after-ms 1000] -- COMMAND [ARGUMENT]...')
  process.exit(2)
}
const { root, commonDir } = await openRepo(folder)
const events: (readonly [ms: number, path: string])[] = []
let started = performance.now()
const onChange = (path: string) => void events.push([Math.round(performance.now() - started), path])
const onTrouble = (error: Error) => {
  throw error
}
const tree = await watchTree(root, { how: 'auto', maxFiles: 3000 }, { onChange, onRules() {}, onTrouble })
const git = watchGit(gitDirOf(root), commonDir, onChange)
await setTimeout(500)
events.length = 0
started = performance.now()
const child = spawn(command[0]!, command.slice(1), { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
await once(child, 'exit')
const ms = Math.round(performance.now() - started)
await setTimeout(Number(values['after-ms']))
await Promise.all([tree.close(), git.close()])
console.log(JSON.stringify({ command: command.join(' '), ms, events }))
