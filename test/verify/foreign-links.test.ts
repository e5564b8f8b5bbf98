import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
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
    const mounts = inOrder(whatIsVisible({ root: tree, linked: linked.map((one) => join(tree, one)) }, env, []))
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
})
