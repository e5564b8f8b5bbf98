import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { scratchFolder, scratchRepo, write } from '../repo/scratch-repo.ts'

const UNSHARE = 'unshare' // of util-linux
const NAMESPACE = ['-Urm', '--mount-proc', '-pf', '--kill-child'] // limits and mounts of its own, for a user without rights
const hasNamespaces = spawnSync(UNSHARE, [...NAMESPACE, 'true']).status === 0
const FILES = Object.fromEntries(
  Array.from({ length: 90 }, (_, i) => [`src/part${i % 9}/f${i}.ts`, `export const f${i} = ${i}\n`]),
)

/** `repose watch` after some lines of shell, in a namespace of its own. */
function watchAfter(lines: string, args: readonly string[] = []) {
  const home = scratchFolder()
  mkdirSync(join(home, 'repose'))
  writeFileSync(join(home, 'repose/config.json'), JSON.stringify({ watch: { shortMinutes: 60 } }))
  const program = [process.execPath, join(PACKAGE_ROOT, 'dist/bin/repose.js'), 'watch', ...args]
  const script = `set -e\n${lines}\nexec ${program.map((word) => `'${word}'`).join(' ')}`
  const child: ChildProcess = spawn(UNSHARE, [...NAMESPACE, 'sh', '-c', script], {
    env: { ...process.env, XDG_CONFIG_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (data) => {
      said += data
    })
  onTestFinished(async () => {
    if (child.exitCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })
  const until = async (pattern: RegExp) => {
    for (let i = 0; i < 400 && !pattern.test(said); i++) await setTimeout(50)
    expect(said).toMatch(pattern)
  }
  return { until, said: () => said }
}

test.runIf(hasNamespaces)(
  'with too few watches for files it watches folders, with fewer it polls, and hears the next save',
  async () => {
    for (const [limit, how] of [
      [40, 'watching folders'],
      [8, 'watching by asking git now and then'],
    ] as const) {
      const root = scratchRepo(FILES)
      const daemon = watchAfter(`echo ${limit} > /proc/sys/user/max_inotify_watches`, ['--repo', root])
      await daemon.until(new RegExp(`${how}: 90 files; the system has no watches left for files`))
      await daemon.until(/facts: 90 paths changed/)
      write(root, 'src/part0/f0.ts', 'export const saved = 1\n')
      await daemon.until(/facts: 1 path changed/)
    }
  },
  90_000,
)

test.runIf(hasNamespaces)(
  'a full disk is said once, and the daemon waits for room',
  async () => {
    const root = scratchRepo(FILES)
    const disk = scratchFolder()
    const fill = join(scratchFolder(), 'fill')
    const whenTold = `while [ ! -e '${fill}' ]; do sleep 0.1; done; dd if=/dev/zero of='${disk}/filler' 2>/dev/null || true; mv '${fill}' '${fill}ed'`
    const daemon = watchAfter(`mount -t tmpfs -o size=4m none '${disk}'\n(${whenTold}) &`, [
      '--repo',
      root,
      '--db',
      join(disk, 'repose.db'),
    ])
    await daemon.until(/facts: 90 paths changed/)
    writeFileSync(fill, '')
    for (let i = 0; i < 200 && !existsSync(`${fill}ed`); i++) await setTimeout(50)
    for (const [path, text] of Object.entries(FILES)) write(root, path, `${text}${text.replace('f', 'g').repeat(99)}`)
    await daemon.until(/ stopped: facts cannot be refreshed: .*(full|space)/)
    await setTimeout(1500)
    expect(daemon.said().match(/ stopped: /g)).toHaveLength(1)
  },
  60_000,
)
