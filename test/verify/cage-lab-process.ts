/**
 * The process that a run of repose would be, with what an attacker looks for around it: a home folder with keys, a repository in it, sockets
 * that listen, a worktree of the agent. Started by cage-lab.ts, as this user or another one; told which checks to run in the cage.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openWorktree } from '../../src/repo/worktree.ts'
import type { CageSettings } from '../../src/verify/cage/cage.ts'
import { isCage, openCage } from '../../src/verify/cage/open-cage.ts'
import { checkEnvironment } from '../../src/verify/check-environment.ts'
import { runChecks } from '../../src/verify/run-checks.ts'
import type { Attack, LabPlaces, Outcome } from './cage-lab.ts'

const home = homedir()
const tree = join(home, 'project')
const git = (...args: string[]) => execFileSync('git', args, { cwd: tree, encoding: 'utf8' })
const put = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

put(join(home, '.ssh/id_ed25519'), 'SECRET-OF-HOME\n')
put(join(home, '.npm/_cacache/kept'), 'a package\n')
put(join(home, '.config/repose/config.json'), '{}\n')
put(join(tree, 'src/a.js'), 'export const a = 1\n')
put(join(tree, 'package.json'), '{"name": "project"}\n')
put(join(tree, '.gitignore'), 'node_modules\n.env\nbuild/\n')
put(join(tree, '.env'), 'SECRET-OF-TREE\n')
put(join(tree, 'packages/lib/index.js'), 'module.exports = 1\n')
put(join(tree, 'packages/lib/.env'), 'SECRET-OF-PACKAGE\n')
put(join(tree, 'node_modules/dep/index.js'), 'module.exports = 1\n')
git('init', '-q', '-b', 'main')
git('add', '-A')
git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '-m', 'first')
git('remote', 'add', 'origin', 'https://ada:SECRET-OF-REMOTE@example.org/project.git')
git('config', 'http.extraheader', 'Authorization: SECRET-OF-HEADER')
put(join(tree, '.git/repose/transcripts/one.jsonl'), 'SECRET-OF-TRANSCRIPT\n')
const neighbour = mkdtempSync(join(tmpdir(), 'repose-'))
put(join(neighbour, 'file'), 'SECRET-OF-NEIGHBOUR\n')

const servers: Server[] = []
const listen = (at: string | number) =>
  new Promise<Server>((resolve) => {
    const server = createServer((socket) => socket.end('SECRET-OF-SOCKET\n')).on('error', () => {})
    servers.push(server)
    if (typeof at === 'number') server.listen(at, '127.0.0.1', () => resolve(server))
    else server.listen(at, () => resolve(server))
  })
const sockets = [join(home, 'agent.sock'), join(tmpdir(), 'agent.sock'), join(tree, 'node_modules/dep/live.sock')]
for (const path of sockets) await listen(path)
const abstract = `\0repose-lab-${process.pid}`
await listen(abstract)
const { port } = (await listen(0)).address() as { port: number }

let worktree = await openWorktree(tree)
const places: LabPlaces = {
  ...{ home, tree, neighbour, sockets, abstract, port, pid: process.pid },
  worktree: worktree.root,
  commonDir: realpathSync(join(tree, '.git')),
}
process.send!(places)

const SETTINGS: CageSettings = { network: false, uncaged: false, readable: [], env: [] }

process.on('message', async ({ id, commands, settings, anew, close }: Attack) => {
  try {
    if (anew) {
      await worktree.close()
      worktree = await openWorktree(tree)
    }
    const { root, linked } = worktree
    const env = checkEnvironment(process.env)
    const cage = await openCage({ root, tree, linked }, { ...SETTINGS, ...settings }, env)
    if (!isCage(cage)) throw new Error(`no cage: ${cage.why}`)
    const before = await worktree.snapshot()
    const results = []
    for (const command of commands) {
      results.push(...(await runChecks(root, [{ name: 'attack', command, timeoutMs: 60_000 }], { cage })))
      await worktree.restore(before)
    }
    const outcome: Outcome = { id, results, diff: await worktree.diff(), root, problem: null }
    if (close) await worktree.close()
    process.send!(outcome)
  } catch (error) {
    process.send!({ id, results: [], diff: '', root: worktree.root, problem: (error as Error).stack ?? String(error) })
  }
})
process.on('disconnect', async () => {
  for (const server of servers) server.close()
  await worktree.close().catch(() => {})
  process.exit(0)
})
