import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pathSettings } from '../../src/config/path-settings.ts'
import { listFiles } from '../../src/repo/list-files.ts'
import { listTree } from '../../src/repo/list-tree.ts'
import { scratchRepo, sh, write } from './scratch-repo.ts'

type Files = Readonly<Record<string, string>>

/** What is not read of a repository of these files, by path: the reason and the rule. Files of `untracked` are not committed. */
async function unreadOf(
  files: Files,
  { untracked = {}, own = {}, user = {} }: { untracked?: Files; own?: object; user?: object } = {},
) {
  const root = scratchRepo(files)
  for (const [path, text] of Object.entries(untracked)) write(root, path, text)
  const paths = pathSettings(user, own, 'repose.config.json')
  const listing = await listFiles(root, { maxFileBytes: 1e6, paths })
  if (Object.keys(untracked).length === 0) expect(await listTree(root, 'HEAD', paths)).toEqual(listing)
  return {
    ...Object.fromEntries(listing.leftOut.map(({ path, reason, rule }) => [path, `${reason}: ${rule}`])),
    ...Object.fromEntries(
      listing.files.flatMap(({ path, unread }) => (unread ? [[path, `listed, ${unread.reason}: ${unread.rule}`]] : [])),
    ),
  }
}

describe('what git tracks is source, whatever its folder is called', () => {
  test('without evidence', async () => {
    const files = [
      'src/vendor/invoice.py',
      'src/pdm/cli/commands/venv/create.py',
      'third_party/ours.c',
      'dist/index.js',
      'node_modules/own/index.js',
      'packages/vendor/package.json',
      'packages/vendor/src/a.ts',
      'src/vendor/license.ts',
    ]
    expect(await unreadOf(Object.fromEntries(files.map((path) => [path, `${path}\n`])))).toEqual({})
  })

  test('what came with a licence, a package file, or what a package manager leaves, is vendored', async () => {
    const why = (path: string) => `vendored: it came with ${path}`
    const files = {
      'lib/vendor/jquery/LICENSE.txt': 'MIT\n',
      'lib/vendor/jquery/src/core.js': 'core\n',
      'lib/vendor/own.js': 'own\n',
      'third_party/zlib/METADATA': 'zlib\n',
      'third_party/zlib/inflate.c': 'inflate\n',
      'vendor/modules.txt': '# github.com/pkg/errors\n',
      'vendor/github.com/pkg/errors/errors.go': 'package errors\n',
      'node_modules/@a/b/package.json': '{}\n',
      'node_modules/@a/b/lib/index.js': 'b\n',
      'py/_vendor/six/COPYING': 'MIT\n',
      'py/_vendor/six/six.py': 'six\n',
      'env/venv/pyvenv.cfg': 'home\n',
      'env/venv/bin/activate': 'x\n',
    }
    expect(await unreadOf(files)).toEqual({
      'lib/vendor/jquery/LICENSE.txt': why('lib/vendor/jquery/LICENSE.txt'),
      'lib/vendor/jquery/src/core.js': why('lib/vendor/jquery/LICENSE.txt'),
      'third_party/zlib/METADATA': why('third_party/zlib/METADATA'),
      'third_party/zlib/inflate.c': why('third_party/zlib/METADATA'),
      'vendor/modules.txt': why('vendor/modules.txt'),
      'vendor/github.com/pkg/errors/errors.go': why('vendor/modules.txt'),
      'node_modules/@a/b/package.json': why('node_modules/@a/b/package.json'),
      'node_modules/@a/b/lib/index.js': why('node_modules/@a/b/package.json'),
      'py/_vendor/six/COPYING': why('py/_vendor/six/COPYING'),
      'py/_vendor/six/six.py': why('py/_vendor/six/COPYING'),
      'env/venv/pyvenv.cfg': why('env/venv/pyvenv.cfg'),
      'env/venv/bin/activate': why('env/venv/pyvenv.cfg'),
    })
  })

  test("the repository's own licence, copied, is no foreign one", async () => {
    const files = { LICENSE: 'Ours.\n', 'src/vendor/LICENSE': 'Ours.\n', 'src/vendor/invoice.py': 'x\n' }
    expect(await unreadOf(files)).toEqual({})
    const other = await unreadOf({ ...files, 'src/vendor/LICENSE': 'Theirs.\n' })
    expect(Object.keys(other).sort()).toEqual(['src/vendor/LICENSE', 'src/vendor/invoice.py'])
  })

  test('evidence counts as long as it is there', async () => {
    const root = scratchRepo({ 'vendor/x/LICENSE': 'MIT\n', 'vendor/x/a.js': 'a\n' })
    rmSync(join(root, 'vendor/x/LICENSE'))
    expect((await listFiles(root, { maxFileBytes: 1e6 })).files.map(({ path }) => path)).toEqual(['vendor/x/a.js'])
    sh(root, 'checkout', '-q', '.')
    expect((await listFiles(root, { maxFileBytes: 1e6 })).files).toEqual([])
  })

  test('names that only tools give are left out, and texts by names that are also those of binary files are read', async () => {
    const names = [
      'a.snap',
      'a.min.js',
      'a.js.map',
      'a.pb.go',
      'a_pb2.py',
      'x/__snapshots__/a.txt',
      '.yarn/releases/yarn.cjs',
      'yarn.lock',
      'a.PNG',
    ]
    const read = ['world.map', 'CHANGES/1.doc', 'a.pkl', 'a.dat', 'release.bin', '.yarn/patches/a.patch']
    const unread = await unreadOf(Object.fromEntries([...names, ...read].map((path) => [path, 'text\n'])))
    expect(unread).toEqual({
      'a.snap': 'generated: a tool writes files called *.snap',
      'a.min.js': 'generated: a tool writes files called *.min.js',
      'a.js.map': 'generated: a tool writes files called *.js.map',
      'a.pb.go': 'generated: a tool writes files called *.pb.go',
      'a_pb2.py': 'generated: a tool writes files called *_pb2.py',
      'x/__snapshots__/a.txt': 'generated: a tool writes what is in __snapshots__/',
      '.yarn/releases/yarn.cjs': 'vendored: a tool keeps its own in .yarn/releases/',
      'yarn.lock': 'lock file: yarn.lock is the name of a lock file',
      'a.PNG': 'binary: files called *.PNG are no text',
    })
  })
})

test('what git does not track is left out by the name of its folder too', async () => {
  const untracked = { 'vendor/new.js': 'x\n', 'src/vendor/new.py': 'x\n', 'dist/a.js': 'x\n', 'src/a.ts': 'x\n' }
  expect(await unreadOf({ 'src/vendor/invoice.py': 'x\n' }, { untracked })).toEqual({
    'vendor/new.js': 'vendored: git does not track it, and it is in vendor/',
    'src/vendor/new.py': 'vendored: git does not track it, and it is in vendor/',
    'dist/a.js': 'generated: git does not track it, and it is in dist/',
  })
})

describe('attributes', () => {
  const ATTRIBUTES =
    'docs/** linguist-vendored\n*.gen.ts linguist-generated\nvendor/** -linguist-vendored\n*.snap linguist-generated=false\n'

  test('what they mark is listed and not read; what they unmark is read', async () => {
    const files = {
      '.gitattributes': ATTRIBUTES,
      'docs/manual.1': 'x\n',
      'src/a.gen.ts': 'x\n',
      'vendor/x/LICENSE': 'MIT\n',
      'vendor/x/a.js': 'x\n',
      'a.snap': 'x\n',
      'src/.gitattributes': 'b.gen.ts !linguist-generated\n',
      'src/b.gen.ts': 'x\n',
    }
    expect(await unreadOf(files)).toEqual({
      'docs/manual.1': 'listed, vendored: .gitattributes: linguist-vendored',
      'src/a.gen.ts': 'listed, generated: .gitattributes: linguist-generated',
    })
  })
})

describe('configurations', () => {
  const files = {
    'vendor/x/LICENSE': 'MIT\n',
    'vendor/x/a.js': 'x\n',
    'src/a.ts': 'x\n',
    'src/old/b.ts': 'x\n',
    '.reposeignore': 'src/a.ts\n',
  }

  test('exclude leaves out, include brings back, whatever else says otherwise', async () => {
    const own = { include: ['vendor/x/', 'src/a.ts'], exclude: ['old/', '!src/old/c.ts'] }
    expect(await unreadOf(files, { own })).toEqual({
      'src/old/b.ts': 'excluded: exclude "old/" of repose.config.json',
    })
  })

  test('exclude counts before include, and what the user leaves out a repository does not take back', async () => {
    const user = { exclude: ['src/old/'] }
    const own = { include: ['**'], exclude: ['vendor/', '!src/old/'] }
    expect(await unreadOf(files, { own, user })).toEqual({
      'vendor/x/LICENSE': 'excluded: exclude "vendor/" of repose.config.json',
      'vendor/x/a.js': 'excluded: exclude "vendor/" of repose.config.json',
      'src/old/b.ts': 'excluded: exclude "src/old/" of user configuration',
    })
  })

  test('ignore files are named with their rule', async () => {
    const more = { 'src/.ignore': '# old\nol*/\n!nothing\n' }
    expect(await unreadOf({ ...files, ...more })).toMatchObject({
      'src/a.ts': 'ignored: .reposeignore: src/a.ts',
      'src/old/b.ts': 'ignored: src/.ignore: ol*/',
    })
  })
})
