import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratchFolder } from '../repo/scratch-repo.ts'
import { openWatchLab, WATCH } from './watch-lab.ts'

test('install shows the unit and does nothing without --yes', async () => {
  const { root, home, watch } = openWatchLab()
  const shown = await watch('install')
  if (process.platform === 'win32') return expect(shown.code).toBe(2)
  expect(shown.code).toBe(1)
  expect(shown.stdout).toContain(root)
  expect(shown.stdout).toContain('nothing is done yet: say --yes to do it')
  expect(existsSync(join(home, '.config/systemd'))).toBe(false)
  expect(existsSync(join(home, 'Library'))).toBe(false)
  expect((await watch('uninstall')).stdout).toContain('nothing is installed')
})

/** A systemctl that keeps what it was told, before the real one on the path. exitCode: of every command. */
function fakeSystemctl(exitCode = 0) {
  const folder = scratchFolder()
  const told = join(folder, 'told')
  writeFileSync(join(folder, 'systemctl'), `#!/bin/sh\necho "$*" >> '${told}'\necho 'no bus' >&2\nexit ${exitCode}\n`)
  chmodSync(join(folder, 'systemctl'), 0o755)
  const lines = () => (existsSync(told) ? readFileSync(told, 'utf8').trimEnd().split('\n') : [])
  return { env: { PATH: `${folder}:${process.env.PATH}` }, lines }
}

test.runIf(process.platform === 'linux')(
  'with --yes the unit is written and enabled, and uninstall undoes both',
  async () => {
    const service = fakeSystemctl()
    const { root, home, watch } = openWatchLab({}, service.env)
    const done = await watch('install', '--yes', '--model', 'local')
    expect(done.stdout).toContain('installed and started')
    expect(done.code).toBe(0)
    const path = /^(\S+\.service):$/m.exec(done.stdout)![1]!
    const name = path.slice(path.lastIndexOf('/') + 1)
    expect(path).toBe(join(home, '.config/systemd/user', name))
    expect(readFileSync(path, 'utf8')).toContain(`"watch" "--repo" "${root}" "--model" "local"\n`)
    const told = ['--user show-environment', '--user daemon-reload', `--user enable --now ${name}`]
    expect(service.lines()).toEqual(told)

    const shown = await watch('uninstall')
    expect(shown.code).toBe(1)
    expect(shown.stdout).toContain(
      `would run systemctl --user disable --now ${name} and delete ${path}: say --yes to do it`,
    )
    expect(existsSync(path)).toBe(true)
    expect(service.lines()).toEqual(told)

    const undone = await watch('uninstall', '--yes')
    expect(undone.stdout).toBe(`uninstalled: ${path}\n`)
    expect(service.lines()).toEqual([...told, '--user show-environment', `--user disable --now ${name}`])
    expect(existsSync(path)).toBe(false)
  },
  60_000,
)

test.runIf(process.platform === 'linux')('where no systemd runs for the user nothing is written', async () => {
  const { home, watch } = openWatchLab({}, fakeSystemctl(1).env)
  const refused = await watch('install', '--yes')
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('no systemd runs for your user here (no bus)')
  expect(existsSync(join(home, '.config/systemd'))).toBe(false)
})

test.runIf(process.platform === 'linux')(
  'while a daemon runs none is installed: it could not start',
  async () => {
    const service = fakeSystemctl()
    const { watch, until } = openWatchLab({ watch: { ...WATCH, shortMinutes: 60 } }, service.env)
    await watch('start')
    const { pid } = await until(({ running }) => running)
    const refused = await watch('install', '--yes')
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain(`pid ${pid} watches`)
    expect(service.lines()).toEqual([])
  },
  60_000,
)
