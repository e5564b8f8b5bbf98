import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { type FixtureName, hooksPathOf, replayFixture, runGit } from '../../bench/fixture-repo.ts'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { makeKnown } from '../../src/store/known-database.ts'
import { copyFolder } from './copy-folder.ts'
import { removeFolder } from './platform.ts'
import { refreshIndex } from './refresh-index.ts'
import { runInProcess } from './run-in-process.ts'
import { madeOnce } from './shared-folder.ts'
import { startRepose } from './start-repose.ts'

/** A fixture project in a folder of its own, as a git repository on branch main with nothing uncommitted. */
export interface FixtureRepo {
  /** Real path: no symbolic link in it, so that it compares equal to what git prints. */
  readonly root: string
  /** Standard output of one git command. Rejects when git fails. */
  git(...args: string[]): Promise<string>
  /** Writes a file of the working tree, with the folders that it needs. */
  write(path: string, text: string): Promise<void>
  /** Deletes a file or a folder of the working tree. */
  remove(path: string): Promise<void>
  /** Deletes the folder. */
  dispose(): Promise<void>
}

/**
 * Copies a fixture into a fresh folder under the system's temporary one. Call `dispose` when done.
 *
 * history: all past commits (default), or one that holds the whole tree.
 * indexed: with the database that `repose index` made in another copy, so that the first command here has nothing to parse.
 * link: gives it repose's own node_modules, which its tests need when they run TypeScript.
 */
export async function copyFixture(
  name: FixtureName,
  options: { readonly history?: boolean; readonly indexed?: boolean; readonly link?: boolean } = {},
): Promise<FixtureRepo> {
  const { history = true, indexed = false } = options
  const root = await realpath(await mkdtemp(join(tmpdir(), `repose-${name}-`)))
  const original = indexed ? await indexedFixture(name, history) : await replayedFixture(name, history)
  copyFolder(original, root)
  if (indexed) ownDatabase(root)
  const config = join(root, '.git', 'config')
  writeFileSync(config, readFileSync(config, 'utf8').replace(/hooksPath = .*/, hooksPathOf(root)))
  refreshIndex(root)
  // 'junction': a symbolic link to a folder needs special rights on Windows. Elsewhere the type is ignored.
  if (options.link) await symlink(join(PACKAGE_ROOT, 'node_modules'), join(root, 'node_modules'), 'junction')
  return {
    root,
    git: (...args) => runGit(root, args),
    async write(path, text) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), text)
    },
    remove: (path) => rm(join(root, path), { recursive: true }),
    dispose: async () => removeFolder(root),
  }
}

/** Enters the path of the copy in its database, so that the first command there has nothing to write. */
function ownDatabase(root: string): void {
  const file = join(root, '.git/repose/repose.db')
  const db = new Database(file)
  db.prepare('UPDATE worktree SET root = ?').run(root) // the only one
  db.close()
  makeKnown(file) // otherwise a process checks the copy
}

function replayedFixture(name: FixtureName, history: boolean): Promise<string> {
  return madeOnce(`${name}-${history}`, (folder) => replayFixture(name, folder, { history }))
}

async function indexedFixture(name: FixtureName, history: boolean): Promise<string> {
  const plain = await replayedFixture(name, history)
  return madeOnce(`${name}-${history}-indexed`, async (folder) => {
    copyFolder(plain, folder)
    // mutated code runs in a thread, which cannot change its working directory
    const { code, stderr } = await (isMainThread ? runInProcess : startRepose)(['index'], { cwd: folder })
    if (code !== 0) throw new Error(`${name} was not indexed: ${stderr}`)
  })
}
