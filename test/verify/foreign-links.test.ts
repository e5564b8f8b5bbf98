import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { inOrder, type Mount, nearest } from '../../src/verify/cage/mount.ts'
import { whatIsVisible } from '../../src/verify/cage/what-is-visible.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

const PARTS = ['HEAD', 'objects', 'refs', 'packed-refs', 'reftable', 'shallow', 'info', 'index']

/** A home folder with a key in it, and a project that came with its `.git` from somebody else. */
function homeWithProject() {
  const home = scratchFolder()
  const tree = join(home, 'project')
  const put = (path: string, text = '') => {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    writeFileSync(join(home, path), text)
  }
  for (const path of [
    '.ssh/id',
    'python/bin/python3.12',
    'python/lib/python3.12/os.py',
    'apps/bin/tool',
    'apps/secret',
  ])
    put(path)
  for (const path of ['HEAD', 'objects/ab/1', 'refs/heads/main', 'info/exclude', 'packed-refs'])
    for (const git of ['project/.git', 'other/.git']) put(`${git}/${path}`)
  vi.stubEnv('HOME', home)
  const seen = (linked: readonly string[] = [], more: Readonly<Record<string, string>> = {}) => {
    const env = { HOME: home, PATH: '/usr/bin:/bin', ...more }
    const mounts = inOrder(whatIsVisible({ root: tree, tree, linked: linked.map((one) => join(tree, one)) }, env, []))
    const byPath = new Map(mounts.map((mount) => [mount.path, mount]))
    return (path: string): Mount['kind'] | undefined => nearest(join(home, path), byPath)?.kind
  }
  return { home, tree, put, seen }
}

describe.skipIf(isWindows)('links of a repository that others packed', () => {
  test.each(PARTS)('.git/%s as a link to a folder of keys shows nothing of it', (name) => {
    const { tree, seen } = homeWithProject()
    rmSync(join(tree, '.git', name), { recursive: true, force: true })
    symlinkSync('../../.ssh', join(tree, '.git', name))
    expect(seen()('.ssh/id')).toBe('empty')
  })

  test('.git with links to another git folder is shown with what they lead to', () => {
    const { tree, seen } = homeWithProject()
    for (const name of ['objects', 'refs', 'info', 'packed-refs']) {
      rmSync(join(tree, '.git', name), { recursive: true })
      symlinkSync(`../../other/.git/${name}`, join(tree, '.git', name))
    }
    expect(['objects/ab/1', 'refs/heads/main', 'packed-refs'].map((path) => seen()(`other/.git/${path}`))).toEqual(
      Array(3).fill('read'),
    )
    expect(seen()('other/.git/HEAD')).toBe('empty')
  })

  test('an alternate is shown only if it holds objects', () => {
    const { home, put, seen } = homeWithProject()
    put('project/.git/objects/info/alternates', `${home}/.ssh\n${home}\n../../../other/.git/objects\n`)
    expect(['.ssh/id', 'apps/secret', 'other/.git/objects/ab/1'].map(seen())).toEqual(['empty', 'empty', 'read'])
  })

  test('a program of an environment shows the Python that it links to, and nothing else', () => {
    const { home, tree, put, seen } = homeWithProject()
    put('project/.venv/pyvenv.cfg')
    put('project/.env')
    mkdirSync(join(tree, '.venv/bin'))
    for (const [name, to] of [
      ['python', 'python/bin/python3.12'],
      ['a', '.ssh/id'],
      ['b', 'apps/bin/tool'],
      ['c', '.ssh'],
    ] as const)
      symlinkSync(join(home, to), join(tree, '.venv/bin', name))
    const at = seen(['.venv'])
    expect(['python/bin/python3.12', 'python/lib/python3.12/os.py'].map(at)).toEqual(['layer', 'layer'])
    expect(['.ssh/id', 'apps/secret', 'apps/bin/tool'].map(at)).toEqual(['empty', 'empty', 'empty'])
  })

  test.each([
    ['PATH', 'bin', 'bin', 'apps'],
    ['PATH', 'bin', 'bin/x', 'apps/secret'],
    ['PYTHONPATH', 'src', 'src', 'apps'],
    ['PIP_CACHE_DIR', '.cache/pip', '.cache/pip', 'apps'],
    ['npm_config_cache', '.npm', '.npm/_cacache', 'apps'],
    ['CARGO_HOME', '.cargo', '.cargo/registry', 'apps'],
    ['XDG_CACHE_HOME', '.cache', '.cache/pip', 'apps'],
    ['VIRTUAL_ENV', 'a/b', 'a', '.'],
  ])('where %s names %s of the repository, a link there shows nothing of yours', (variable, folder, link, to) => {
    const { home, tree, put, seen } = homeWithProject()
    put('b/apps/secret')
    mkdirSync(dirname(join(tree, link)), { recursive: true })
    symlinkSync(join(home, to), join(tree, link))
    const at = seen([], { [variable]: join(tree, folder) })
    for (const path of ['apps/secret', 'b/apps/secret']) expect(at(path)).toBe('empty')
  })

  test('a cache at a relative path does not count: it may lie in the repository', () => {
    const { home, put, seen } = homeWithProject()
    put('apps/pip/secret')
    const apps = relative(process.cwd(), join(home, 'apps'))
    expect(seen([], { XDG_CACHE_HOME: apps })('apps/pip/secret')).toBe('empty')
    expect(seen([], { CCACHE_DIR: apps })('apps/secret')).toBe('empty')
  })

  test('of a Python that an environment links to, what is installed is shown, and no keys beside it', () => {
    const { home, tree, put, seen } = homeWithProject()
    for (const name of ['.condarc', 'pip.conf', 'etc/pip.conf', 'notes/mine']) put(`python/${name}`)
    put('project/.venv/pyvenv.cfg')
    mkdirSync(join(tree, '.venv/bin'))
    symlinkSync(join(home, 'python/bin/python3.12'), join(tree, '.venv/bin/python'))
    const at = seen(['.venv'])
    expect(['python/bin/python3.12', 'python/lib/python3.12/os.py'].map(at)).toEqual(['layer', 'layer'])
    expect(['.condarc', 'pip.conf', 'etc/pip.conf', 'notes/mine'].map((name) => at(`python/${name}`))).toEqual([
      ...['empty', 'empty', 'hidden', 'empty'],
    ])
  })

  test.each([
    ['vendor/bundle', '.bundle', ['ruby/3.3.0/gems/x'], ['config', 'plugin/index']],
    ['.venv', 'environments/shop', ['bin/x', 'lib/python3/x', 'pyvenv.cfg'], ['token', 'pip.conf', 'mail/inbox']],
  ])('%s as a link to ~/%s shows what is installed there, and nothing else', (path, to, shown, hidden) => {
    const { home, tree, put, seen } = homeWithProject()
    for (const name of [...shown, ...hidden]) put(`${to}/${name}`)
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    symlinkSync(join(home, to), join(tree, path))
    const at = seen([path])
    expect(shown.map((name) => at(`${to}/${name}`))).not.toContain('empty')
    expect(hidden.map((name) => at(`${to}/${name}`))).toEqual(hidden.map(() => 'empty'))
  })

  test('a dependency folder that a link of the repository names within it is shown whole', () => {
    const { tree, put, seen } = homeWithProject()
    put('project/env/pyvenv.cfg')
    put('project/env/more/x')
    symlinkSync('env', join(tree, '.venv'))
    expect(seen(['.venv'])('project/env/more/x')).toBe('layer')
  })
})

// only root may write there
describe.skipIf(process.getuid?.() !== 0)('a tool in /opt whose programs are in PATH', () => {
  test('is shown without its keys', () => {
    const folder = mkdtempSync('/opt/repose-test-')
    onTestFinished(() => rmSync(folder, { recursive: true }))
    for (const name of ['bin', 'etc']) mkdirSync(join(folder, name))
    for (const name of ['bin/tool', 'lib.so', '.condarc', 'credentials.json', 'etc/pip.conf'])
      writeFileSync(join(folder, name), '')
    const { seen } = homeWithProject()
    const at = seen([], { PATH: `${join(folder, 'bin')}:/usr/bin` })
    const from = (name: string) => at(relative(process.env.HOME!, join(folder, name)))
    expect(['bin/tool', 'lib.so'].map(from)).toEqual(['read', 'read'])
    expect(['.condarc', 'credentials.json', 'etc/pip.conf'].map(from)).toEqual(['hidden', 'hidden', 'hidden'])
  })
})
