import { execFileSync, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pastRepo } from '../helpers/past-repo.ts'
import { runRepose } from '../helpers/run-repose.ts'

vi.setConfig({ testTimeout: 60_000 })

let root: string
let path: string
beforeEach(() => {
  root = pastRepo([
    { subject: 'Begin', paths: ['src/a.ts', 'docs/a.md'] },
    ...Array.from({ length: 6 }, () => ({ subject: 'Change both', paths: ['src/a.ts', 'docs/a.md'] })),
  ])
  path = join(root, '.git/hooks/pre-commit')
  rmSync(join(root, '.git/hooks'), { recursive: true, force: true })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const hook = (...args: string[]) => runRepose(['hook', ...args], { cwd: root })
const write = (text: string | Buffer, mode = 0o755) => {
  mkdirSync(join(root, '.git/hooks'), { recursive: true })
  writeFileSync(path, text, { mode })
  chmodSync(path, mode)
}
const commit = (...args: string[]) => {
  const env = { ...process.env, XDG_CONFIG_HOME: devNull, PATH: '/usr/local/bin:/usr/bin:/bin' }
  return spawnSync('git', ['-C', root, 'commit', '-m', 'Change one', ...args], { encoding: 'utf8', env })
}

test('a new hook warns, is installed once, and is gone after uninstall', async () => {
  expect(await hook('install')).toMatchObject({ code: 0, stdout: `installed: ${path} runs repose check --staged\n` })
  const text = readFileSync(path)
  expect(statSync(path).mode & 0o111).toBe(0o111)
  expect((await hook('install')).stdout).toContain('installed already')
  expect(readFileSync(path)).toEqual(text)
  expect((await hook()).stdout).toBe(`installed: ${path}\n`)

  appendFileSync(join(root, 'src/a.ts'), '// edited\n')
  const made = commit('-a')
  expect(made.status).toBe(0)
  expect(made.stdout + made.stderr).toContain(
    'docs/a.md usually changes too: in 6 of the last 6 small commits to src/a.ts',
  )

  expect((await hook('uninstall')).code).toBe(0)
  expect(existsSync(path)).toBe(false)
  expect(await hook('uninstall')).toMatchObject({ code: 0, stdout: '' })
})

test('a strict hook stops the commit, and git commit -n passes it', async () => {
  await hook('install', '--strict')
  expect((await hook('status')).stdout).toContain('installed, strict')
  appendFileSync(join(root, 'src/a.ts'), '// edited\n')
  expect(commit('-a').status).toBe(1)
  expect(commit('-a', '-n').status).toBe(0)
})

test.each([
  ['a script that ends with exit', Buffer.from('#!/bin/bash\nset -eu\necho mine\nexit 0\n')],
  ['a script without a last line end', Buffer.from('#!/bin/sh\necho mine')],
  ['one line', Buffer.from('#!/bin/sh')],
  [
    'bytes that are not UTF-8, and CRLF',
    Buffer.concat([Buffer.from('#!/bin/sh\n# '), Buffer.from([0xe9, 0xff]), Buffer.from('\r\necho mine\n')]),
  ],
])('%s is kept: its lines run too, and uninstall gives its bytes back', async (_, before) => {
  write(before, 0o750)
  expect((await hook('install')).code).toBe(0)
  expect((await hook('install', '--strict')).code).toBe(0)
  const text = readFileSync(path, 'latin1')
  expect(text.match(/>>> repose hook >>>/g)).toHaveLength(1)
  expect(statSync(path).mode & 0o777).toBe(0o750)
  const run = commit('--allow-empty')
  expect(run.status).toBe(0)
  if (before.includes('mine')) expect(run.stdout + run.stderr).toContain('mine')
  await hook('uninstall')
  expect(readFileSync(path)).toEqual(before)
  expect(statSync(path).mode & 0o777).toBe(0o750)
})

test('what is no shell script, not executable, or a link stays as it is', async () => {
  for (const [text, mode] of [
    ['#!/usr/bin/env python3\nprint(1)\n', 0o755],
    ['#!/bin/sh\necho off\n', 0o644],
  ] as const) {
    write(text, mode)
    expect((await hook('install')).code).toBe(1)
    expect(readFileSync(path, 'utf8')).toBe(text)
  }
  rmSync(path)
  writeFileSync(join(root, 'mine.sh'), '#!/bin/sh\n')
  symlinkSync('../../mine.sh', path)
  expect((await hook('install')).code).toBe(1)
  expect((await hook('uninstall')).code).toBe(1)
  expect(readFileSync(join(root, 'mine.sh'), 'utf8')).toBe('#!/bin/sh\n')
})

test('other programs that keep hooks are respected, and the line to add is told', async () => {
  const told = async () => {
    const run = await hook('install')
    expect(run.code).toBe(1)
    expect(existsSync(path)).toBe(false)
    return run.stderr
  }
  execFileSync('git', ['-C', root, 'config', 'core.hooksPath', '.husky/_'])
  expect(await told()).toContain('add this line to .husky/pre-commit: repose check --staged')
  execFileSync('git', ['-C', root, 'config', 'core.hooksPath', 'tools/hooks'])
  expect(await told()).toContain('add this line to tools/hooks/pre-commit: repose check --staged')
  execFileSync('git', ['-C', root, 'config', '--unset', 'core.hooksPath'])
  writeFileSync(join(root, 'lefthook.yml'), 'pre-commit:\n')
  expect(await told()).toContain('lefthook.yml, with run: repose check --staged')
  rmSync(join(root, 'lefthook.yml'))
  writeFileSync(join(root, 'package.json'), '{"simple-git-hooks": {"pre-commit": "npm test"}}')
  expect(await told()).toContain('"simple-git-hooks" in package.json: repose check --staged')
  writeFileSync(join(root, 'package.json'), 'null')
  writeFileSync(join(root, '.pre-commit-config.yaml'), 'repos: []\n')
  expect(await told()).toContain('.pre-commit-config.yaml')
})

test('linked worktrees share the hook, and a repository without commits takes one', async () => {
  const tree = join(root, 'linked')
  execFileSync('git', ['-C', root, 'worktree', 'add', '-q', tree])
  expect((await runRepose(['hook', 'install'], { cwd: tree })).stdout).toContain(path)
  const fresh = pastRepo([])
  expect((await runRepose(['hook', 'install'], { cwd: fresh })).code).toBe(0)
  rmSync(fresh, { recursive: true })
})

test.each(['a link to another folder', 'a link to nothing', 'a file'])(
  'hooks that are %s are left alone',
  async (kind) => {
    const other = join(root, 'other')
    if (kind === 'a link to another folder') mkdirSync(other)
    if (kind === 'a file') writeFileSync(join(root, '.git/hooks'), '')
    else symlinkSync(other, join(root, '.git/hooks'))
    for (const action of ['install', 'uninstall'])
      expect(await hook(action)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/hooks is (a symbolic link|not a folder)/),
      })
    expect(existsSync(join(other, 'pre-commit'))).toBe(false)
  },
)
