import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { absoluteLibraries, ownEnvironment } from '../../src/processes/absolute-paths.ts'
import { offlineEnvironment } from '../../src/processes/offline-environment.ts'
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
  expect(offlineEnvironment(env)).toEqual({ ...libraries, PATH: list, HOME: root }) // only Node, by its whole path
})

test('the loader takes a blank for a separator in LD_PRELOAD alone', () => {
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
