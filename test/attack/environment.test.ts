import { spawn } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { workInChild } from '../../bin/commands/watch-work.ts'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { isWindows } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { startRepose } from '../helpers/start-repose.ts'
import { scratchFolder, scratchRepo, sh, write } from '../repo/scratch-repo.ts'
import { FILES } from './look.ts'

const { PATH = '' } = process.env

/** A repository that brings a program called git. hasRun: whether that program was started. */
function withGit(files: Readonly<Record<string, string>> = FILES) {
  const root = scratchRepo(files)
  const at = join(scratchFolder(), 'ran')
  const bin = join(root, '.venv/bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho ran >> '${at}'\nPATH='${PATH}' exec git "$@"\n`, { mode: 0o755 })
  return { root, bin, hasRun: () => existsSync(at) }
}

describe.skipIf(isWindows)('a git in a folder of the repository that PATH names', () => {
  test.each<[string, (bin: string, root: string) => string]>([
    ['by its whole path', (bin) => bin],
    ['with a slash', (bin) => `${bin}/`],
    ['through the folder above', (bin, root) => bin.replace(root, `${root}/../${basename(root)}`)],
    [
      'through a link to the repository',
      (bin, root) => {
        const link = join(scratchFolder(), 'link')
        symlinkSync(root, link)
        return bin.replace(root, link)
      },
    ],
    [
      'through a link to the folder of programs',
      (bin) => {
        const link = join(scratchFolder(), 'link')
        symlinkSync(`../${basename(dirname(link))}/../${basename(dirname(link))}/to`, link)
        symlinkSync(bin, join(dirname(link), 'to'))
        return link
      },
    ],
    [
      'through a link to the program',
      (bin) => {
        const folder = scratchFolder()
        symlinkSync(join(bin, 'git'), join(folder, 'git'))
        return folder
      },
    ],
    [
      'through a link of the repository that leads out of it',
      (bin, root) => {
        const out = scratchFolder()
        symlinkSync(join(bin, 'git'), join(out, 'git'))
        symlinkSync(out, join(root, 'out'))
        return join(root, 'out')
      },
    ],
  ])('%s is not started', async (_, entryOf) => {
    const { root, bin, hasRun } = withGit()
    const env = { PATH: `${entryOf(bin, root)}:${PATH}` }
    for (const args of [['status'], ['find', 'price'], ['check']])
      expect((await runRepose(args, { cwd: root, env })).code).toBe(0)
    for (const args of [
      ['--repo', root, 'status'],
      ['-C', root, 'status'],
      ['--repo', root, 'sleep', '--dry-run'],
      ['--repo', root, 'doctor'],
    ])
      expect((await startRepose(args, { cwd: '/', env })).code).toBe(0)
    expect(hasRun()).toBe(false)
  })

  test('is not started from another working tree of it, nor from a repository within it', async () => {
    const { root, bin, hasRun } = withGit()
    const linked = join(scratchFolder(), 'linked')
    sh(root, 'worktree', 'add', '-q', linked)
    const inner = join(root, 'inner')
    sh(root, 'clone', '-q', root, inner)
    mkdirSync(join(linked, 'bin'))
    symlinkSync(join(bin, 'git'), join(linked, 'bin/git'))
    for (const cwd of [linked, inner])
      expect((await startRepose(['status'], { cwd, env: { PATH: `${bin}:${PATH}` } })).code).toBe(0)
    const path = `${join(linked, 'bin')}:${PATH}`
    expect((await startRepose(['status'], { cwd: root, env: { PATH: path } })).code).toBe(0)
    expect(hasRun()).toBe(false)
  })

  test('is not started from another repository of the same daemon', async () => {
    const [one, other] = [withGit(), withGit()]
    const env = { PATH: `${other.bin}:${PATH}` }
    const work = workInChild(one.root, join(scratchFolder(), 'db'), env, [other.root])
    await work.refresh()
    work.rest()
    const args = ['watch', 'status', '--repo', one.root, '--also', other.root]
    await startRepose(args, { cwd: '/', env })
    expect([one.hasRun(), other.hasRun()]).toEqual([false, false])
  })

  test('is not started from another repository of a list', async () => {
    const [one, other] = [withGit(), withGit()]
    const list = join(scratchFolder(), 'list')
    writeFileSync(list, `${one.root}\n${other.root}\n`)
    const args = ['fleet', 'plan', list, '--budget', '1M']
    const { code } = await startRepose(args, { cwd: '/', env: { PATH: `${other.bin}:${PATH}` } })
    expect([code, other.hasRun()]).toEqual([0, false])
  })

  test('is not started by a server before its client has named the repository', async () => {
    const { root, bin, hasRun } = withGit()
    const program = join(PACKAGE_ROOT, 'dist/bin/repose.js')
    const child = spawn(process.execPath, [program, 'mcp'], {
      cwd: '/',
      env: { ...process.env, PATH: `${bin}:${PATH}` },
    })
    const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
    const clientInfo = { name: 'old', version: '1' }
    send({
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2024-11-05', capabilities: { roots: {} }, clientInfo },
    })
    send({ method: 'notifications/initialized' })
    send({ id: 'find', method: 'tools/call', params: { name: 'find', arguments: { text: 'price' } } })
    let answer = ''
    for await (const line of createInterface(child.stdout)) {
      const { id, method } = JSON.parse(line) as { id?: number | string; method?: string }
      if (method === 'roots/list') send({ id, result: { roots: [{ uri: pathToFileURL(root).href }] } })
      if (id !== 'find') continue
      answer = line
      child.stdin.end()
    }
    expect(answer).toContain('src/price.ts')
    expect(hasRun()).toBe(false)
  })

  test('is named in the error if there is no other', async () => {
    const { root, bin, hasRun } = withGit()
    const { code, stderr } = await startRepose(['status'], { cwd: root, env: { PATH: `${bin}:${scratchFolder()}` } })
    expect(code).toBe(2)
    expect(stderr).toContain(`git was found only where a commit could replace it: ${join(bin, 'git')}`)
    expect(hasRun()).toBe(false)
  })

  test('is started from an outer repository that holds the home folder', async () => {
    const home = scratchRepo(FILES)
    const { bin, hasRun } = withGit()
    const own = join(home, 'own/bin')
    mkdirSync(own, { recursive: true })
    symlinkSync(join(bin, 'git'), join(own, 'git'))
    const project = join(home, 'project')
    sh(home, 'clone', '-q', home, project)
    const env = { HOME: home, PATH: `${own}:${PATH}` }
    expect((await startRepose(['status'], { cwd: project, env })).code).toBe(0)
    expect(hasRun()).toBe(true)
  })
})

test.skipIf(process.getuid?.() !== 0)(
  'a repository that another user put into a folder for temporary files is ignored',
  async () => {
    const above = scratchFolder()
    mkdirSync(join(above, '.git/worktrees/x'), { recursive: true })
    chownSync(join(above, '.git'), 1002, 1002)
    chmodSync(above, 0o1777)
    const root = join(above, 'project')
    sh(above, 'clone', '-q', scratchRepo(FILES), root)
    const { bin, hasRun } = withGit()
    mkdirSync(join(above, 'bin'))
    symlinkSync(join(bin, 'git'), join(above, 'bin/git'))
    const env = { PATH: `${join(above, 'bin')}:${PATH}` }
    expect((await startRepose(['status'], { cwd: root, env })).code).toBe(0)
    expect(hasRun()).toBe(true)
  },
)

test.skipIf(process.getuid?.() !== 0)('in a folder of a foreign clone, no git of that clone is started', async () => {
  const { root, bin, hasRun } = withGit()
  for (const path of ['.', '.git', 'src']) chownSync(join(root, path), 1002, 1002)
  const settings = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' }
  const env = { ...settings, PATH: `${bin}:${PATH}` }
  mkdirSync(join(root, 'made'))
  for (const folder of ['src', 'made']) await startRepose(['status'], { cwd: join(root, folder), env })
  expect(hasRun()).toBe(false)
})

describe.skipIf(isWindows)('what a variable finds in the repository reaches no filter of git', () => {
  test.each([
    ...['PATH', 'PYTHONPATH', 'PYTHONUSERBASE', 'PERL5LIB', 'PERLLIB', 'RUBYLIB', 'NODE_PATH', 'GCONV_PATH'],
    ...[
      'LD_LIBRARY_PATH',
      'LD_PRELOAD',
      'LD_AUDIT',
      'DYLD_LIBRARY_PATH',
      'DYLD_INSERT_LIBRARIES',
      'DYLD_FRAMEWORK_PATH',
    ],
  ])('%s', async (name) => {
    const root = scratchRepo({ ...FILES, '.gitattributes': '*.ts filter=own\n' })
    const seen = join(scratchFolder(), 'seen')
    const filter = join(scratchFolder(), 'filter')
    writeFileSync(filter, `#!/bin/sh\nprintenv ${name} > '${seen}'\ncat\n`, { mode: 0o755 })
    appendFileSync(join(root, '.git/config'), `[filter "own"]\n\tclean = ${filter}\n`)
    write(root, 'src/price.ts', 'export const price = 2\n')
    const outside = name === 'PATH' ? PATH : scratchFolder()
    const env = { [name]: [join(root, 'lib'), root, outside, `${root}/lib/../later`].join(':') }
    expect((await runRepose(['check'], { cwd: root, env })).code).toBe(0)
    const got = readFileSync(seen, 'utf8').trim().split(':')
    expect(got.filter((entry) => !/git-core$/.test(entry)).join(':')).toBe(outside) // git adds its own folder
  })

  test.skipIf(process.platform !== 'linux')('a library that git would not start with', async () => {
    const root = scratchRepo({ ...FILES, 'lib/libz.so.1': 'no library\n', 'lib/libc.so.6': 'no library\n' })
    const env = { LD_LIBRARY_PATH: join(root, 'lib') }
    expect((await runRepose(['status'], { cwd: root, env })).code).toBe(0)
  })
})
