import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { offlineEnvironment } from '../../src/processes/offline-environment.ts'
import { absoluteLibraries, ownEnvironment } from '../../src/processes/own-environment.ts'
import { workOn } from '../../src/processes/worked-on.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

test.skipIf(isWindows)('what repose starts for itself finds nothing in a repository that it works on', () => {
  const [root, outside] = [scratchFolder(), scratchFolder()]
  workOn(root)
  const list = ['lib', join(root, 'lib'), outside].join(delimiter)
  const env = {
    PATH: list,
    LD_LIBRARY_PATH: list,
    LD_PRELOAD: join(root, 'a.so'),
    HOME: root,
    NODE_EXTRA_CA_CERTS: 'x',
  }
  const libraries = { LD_LIBRARY_PATH: outside, LD_PRELOAD: '' }
  expect(ownEnvironment(env)).toEqual({ ...env, ...libraries, PATH: outside })
  expect(offlineEnvironment(env)).toEqual({ ...libraries, PATH: outside, HOME: root })
})

test.skipIf(isWindows)('no variable leads into a repository that repose works on, whatever its name', () => {
  const [root, outside] = [scratchFolder(), scratchFolder()]
  workOn(root)
  const kept = { HOME: root, PWD: root, GIT_CONFIG_GLOBAL: join(root, 'config'), LANG: 'C', SSH_AUTH_SOCK: outside }
  const given = { PYTHONPYCACHEPREFIX: root, VIRTUAL_ENV: join(root, '.venv'), OPENSSL_CONF: join(root, 'a.cnf') }
  const relative = { PYTHONUSERBASE: 'base', GCONV_PATH: '.', PERLLIB: 'lib', BASH_ENV: './env', COLOR: 'auto' }
  expect(ownEnvironment({ ...kept, ...given, ...relative })).toEqual({ ...kept, COLOR: 'auto' })
})

test('a blank separates entries in LD_PRELOAD alone', () => {
  const env = {
    LD_LIBRARY_PATH: '/opt/my libs:lib',
    DYLD_LIBRARY_PATH: '/opt/My App/lib',
    LD_PRELOAD: '/a.so ./b.so c.so',
  }
  expect(absoluteLibraries(env)).toEqual({
    LD_LIBRARY_PATH: '/opt/my libs',
    DYLD_LIBRARY_PATH: '/opt/My App/lib',
    LD_PRELOAD: '/a.so:c.so',
  })
})
