import { type Dirent, existsSync, readdirSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { readRegularText } from '../../files/read-regular.ts'
import { isWithin, leadsOut, type Mount, mountsOf, realPath } from './mount.ts'
import { partsOf } from './path-folders.ts'

/**
 * What installed dependencies need from the user's working tree: the dependency folders, and their link targets in the tree.
 *
 * A package that node_modules links to (of the workspace or by `npm link`) is shown from the user's tree, with its build output. A Python
 * package installed as editable is shown from the checked tree. folders: absolute paths below `tree`, the user's working tree. root: the
 * checked tree.
 */
export function linkedFolders(tree: string, folders: readonly string[], root: string): readonly Mount[] {
  const real = folders.map(realPath).filter((folder) => folder !== null)
  const isInstalled = (path: string) => real.some((folder) => isWithin(path, folder))
  const packages = real.flatMap((folder) => {
    if (basename(folder) !== 'node_modules') return []
    const names = entriesOf(folder)
    const scoped = names.filter((one) => one.isDirectory() && one.name.startsWith('@'))
    const all = [
      ...names.map((one) => ({ one, at: folder })),
      ...scoped.flatMap(({ name }) => within(join(folder, name))),
    ]
    const links = all.filter(({ one }) => one.isSymbolicLink()).map(({ one, at }) => realPath(join(at, one.name)))
    return links.filter(
      (path) => path !== null && !isWithin(tree, path) && !isInstalled(path) && existsSync(join(path, 'package.json')),
    )
  }) as readonly string[]
  return [
    ...folders.flatMap((folder) => ofFolder(folder, tree)),
    ...[...new Set(packages)].map((path): Mount => ({ kind: 'layer', path })),
    ...real.flatMap((folder) => editable(folder, tree, root)),
  ]
}

/** What gems are installed for. */
const RUBIES = /^((j|truffle)?ruby|cache)$/

/**
 * A dependency folder. If a link of the tree leads to it, only what is installed is shown, since the link may have come with the repository:
 * vendor/bundle may lead to ~/.bundle, where Bundler keeps passwords.
 */
function ofFolder(folder: string, tree: string): readonly Mount[] {
  const mounts = mountsOf(folder, 'layer')
  if (basename(folder) === 'node_modules' || !leadsOut(folder, [tree, realPath(tree) ?? tree])) return mounts
  const parts = partsOf(mounts.at(-1)!.path, basename(folder) === 'bundle' ? RUBIES : undefined)
  return [...mounts.slice(0, -1), ...parts.flatMap((path) => mountsOf(path, 'layer'))]
}

/** Folders of the user's tree on a Python environment's path, replaced by those of the checked tree. */
function editable(environment: string, tree: string, root: string): readonly Mount[] {
  const site = entriesOf(join(environment, 'lib'))
    .filter(({ name }) => name.startsWith('python'))
    .map(({ name }) => join(environment, 'lib', name, 'site-packages'))
  const named = site.flatMap((folder) =>
    entriesOf(folder)
      .filter(({ name }) => /\.pth$|^__editable__.*\.py$/.test(name))
      .flatMap(({ name }) => pathsIn(readRegularText(join(folder, name)) ?? '', tree)),
  )
  return [...new Set(named)].flatMap((path): readonly Mount[] => {
    const own = relative(tree, path)
    if (own !== '') return existsSync(join(root, own)) ? [{ kind: 'copy', path, from: join(root, own) }] : []
    // the top folder: a link in it leads back to the user's tree, and .git is the worktree's own
    return entriesOf(root)
      .filter((one) => !one.isSymbolicLink() && one.name !== '.git')
      .map(({ name }) => ({ kind: 'copy', path: join(tree, name), from: join(root, name) }))
  })
}

function pathsIn(text: string, tree: string): readonly string[] {
  const parts = text.split(/['"\n]/).map((part) => part.trim().replace(/\/$/, ''))
  return parts.filter((part) => isWithin(part, tree) && resolve(part) === part)
}

function within(folder: string): readonly { readonly one: Dirent; readonly at: string }[] {
  return entriesOf(folder).map((one) => ({ one, at: folder }))
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
