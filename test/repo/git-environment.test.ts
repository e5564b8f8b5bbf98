import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { git } from '../../src/repo/git.ts'
import { gitEnvironment } from '../../src/repo/git-environment.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { checkEnvironment } from '../../src/verify/check-environment.ts'
import { isWindows } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchFolder, scratchRepo, sh } from './scratch-repo.ts'

afterEach(() => void vi.unstubAllEnvs())

const settingsOf = (env: Record<string, string>) => {
  const all = gitEnvironment(env)
  return Array.from({ length: Number(all.GIT_CONFIG_COUNT ?? 0) }, (_, i) => [
    all[`GIT_CONFIG_KEY_${i}`],
    all[`GIT_CONFIG_VALUE_${i}`],
  ])
}

describe('settings that the user gives in the environment', () => {
  test('go along, whichever way they are given, in their order', () => {
    expect(
      settingsOf({
        GIT_CONFIG_COUNT: '2',
        GIT_CONFIG_KEY_0: 'safe.directory',
        GIT_CONFIG_VALUE_0: '/shop',
        GIT_CONFIG_KEY_1: 'core.fsmonitor',
        GIT_CONFIG_VALUE_1: 'false',
        GIT_CONFIG_PARAMETERS: String.raw`'protocol.ext.allow'='never' 'user.name=Ada L'\''x'\!'y' 'core.quotepath' 'a.b'=`,
      }),
    ).toEqual([
      ['safe.directory', '/shop'],
      ['core.fsmonitor', 'false'],
      ['protocol.ext.allow', 'never'],
      ['user.name', "Ada L'x!y"],
      ['core.quotepath', 'true'],
      ['a.b', ''],
    ])
  })

  test('but for those that say where a repository is', () => {
    const names = [
      'core.worktree',
      'core.bare',
      'CORE.WorkTree',
      'extensions.worktreeConfig',
      'core.repositoryFormatVersion',
    ]
    expect(settingsOf({ GIT_CONFIG_PARAMETERS: names.map((name) => `'${name}'='1'`).join(' ') })).toEqual([])
  })

  test('what cannot be read is passed over', () => {
    for (const count of ['', 'x', '-1', '1e9', 'NaN']) expect(settingsOf({ GIT_CONFIG_COUNT: count })).toEqual([])
    expect(settingsOf({ GIT_CONFIG_COUNT: '2', GIT_CONFIG_KEY_1: 'a.b', GIT_CONFIG_VALUE_1: '1' })).toEqual([
      ['a.b', '1'],
    ])
    expect(settingsOf({ GIT_CONFIG_PARAMETERS: "'open" })).toEqual([])
  })

  test('git obeys them', async () => {
    const root = scratchRepo({ 'a.txt': 'a\n' })
    vi.stubEnv('GIT_CONFIG_COUNT', '1')
    vi.stubEnv('GIT_CONFIG_KEY_0', 'core.fsmonitor')
    vi.stubEnv('GIT_CONFIG_VALUE_0', 'false')
    vi.stubEnv(
      'GIT_CONFIG_PARAMETERS',
      "'alias.x'='!true' 'url.a.insteadof'='b' 'core.sshcommand'='false' 'include.path'='/nowhere'",
    )
    expect(await git(root, ['config', 'core.fsmonitor'])).toBe('false\n')
    expect(await git(root, ['config', 'core.sshCommand'])).toBe('false\n')
  })

  test.skipIf(isWindows)(
    'a monitor that the repository names is not started where the user has switched monitors off',
    async () => {
      const root = scratchRepo({ 'a.ts': 'export const a = 1\n' })
      const mark = join(scratchFolder(), 'mark')
      sh(root, 'config', 'core.fsmonitor', `touch ${mark}; false`)
      const env = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.fsmonitor', GIT_CONFIG_VALUE_0: 'false' }
      expect((await runRepose(['index'], { cwd: root, env })).code).toBe(0)
      expect(existsSync(mark)).toBe(false)
    },
  )
})

test('what points elsewhere does not: a hook of one repository may ask about another', async () => {
  const [root, other] = [scratchRepo({ 'a.txt': 'a\n' }), scratchRepo({ 'b.txt': 'b\n' })]
  vi.stubEnv('GIT_DIR', join(other, '.git'))
  vi.stubEnv('GIT_WORK_TREE', other)
  vi.stubEnv('GIT_INDEX_FILE', join(other, '.git/index'))
  vi.stubEnv('GIT_OBJECT_DIRECTORY', join(other, '.git/objects'))
  vi.stubEnv('GIT_PREFIX', 'x/')
  vi.stubEnv('GIT_CONFIG_PARAMETERS', `'core.worktree'='${other}'`)
  expect((await openRepo(root)).root).toBe(root)
  expect(await git(root, ['ls-files'])).toBe('a.txt\n')
})

test('variables that name programs, or change what git prints, stay behind', () => {
  const names = [
    'GIT_EXTERNAL_DIFF',
    'GIT_PAGER',
    'GIT_SSH_COMMAND',
    'GIT_TRACE',
    'GIT_LITERAL_PATHSPECS',
    'PAGER',
    'EDITOR',
    'SSH_ASKPASS',
  ]
  const kept = gitEnvironment({
    ...Object.fromEntries(names.map((name) => [name, 'x'])),
    GIT_ALLOW_PROTOCOL: 'https',
    HOME: '/ada',
  })
  expect(kept).toEqual({
    GIT_ALLOW_PROTOCOL: 'https',
    HOME: '/ada',
    ...{ GIT_TRACE2: '0', GIT_TRACE2_PERF: '0', GIT_TRACE2_EVENT: '0' },
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
    PYTHONSAFEPATH: '1',
  })
})

test('Python takes no module from the current folder, unless the user wants it to', () => {
  const pathOf = (given: string) => gitEnvironment({ PYTHONPATH: given }).PYTHONPATH
  expect(pathOf(['', '/opt/lib', 'lib', '.'].join(delimiter))).toBe('/opt/lib')
  expect(pathOf('.')).toBeUndefined()
  expect(gitEnvironment({ PYTHONSAFEPATH: '' }).PYTHONSAFEPATH).toBe('')
})

test.skipIf(isWindows)('neither programs nor libraries nor settings come from the current folder', () => {
  const env = {
    ...{ PATH: '.:/bin:', LD_LIBRARY_PATH: '/opt/cuda/lib64:', DYLD_FALLBACK_LIBRARY_PATH: 'lib;/usr/lib' },
    ...{ LD_PRELOAD: 'libjemalloc.so.2 ./x.so /opt/y.so' },
  }
  const libraries = {
    ...{ LD_LIBRARY_PATH: '/opt/cuda/lib64', DYLD_FALLBACK_LIBRARY_PATH: '/usr/lib' },
    ...{ LD_PRELOAD: 'libjemalloc.so.2:/opt/y.so' },
  }
  expect(gitEnvironment(env)).toMatchObject({ ...libraries, PATH: '/bin' })
  const places = { HOME: '', XDG_CONFIG_HOME: 'cfg', GIT_CONFIG_GLOBAL: './x', GIT_CONFIG_SYSTEM: '/etc/x' }
  expect(Object.keys(gitEnvironment(places)).filter((name) => name in places)).toEqual(['GIT_CONFIG_SYSTEM'])
  expect(checkEnvironment(env, Object.keys(env))).toEqual({ ...env, ...libraries, CI: '1', NO_COLOR: '1' })
})
