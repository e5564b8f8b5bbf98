import { groupBy } from '../../groups.ts'
import type { RepoPath } from '../../types.ts'
import { type Crate, readCrates } from './cargo.ts'
import { below, folderOf, nearest, upwards } from './paths.ts'
import { guessed, proven, type Resolved, type Resolver, withoutSelf } from './resolver.ts'
import type { Tree } from './tree.ts'

/** The folder of a crate's modules, and its root file (null if it is not certain). */
interface Root {
  readonly folder: string
  readonly file: RepoPath | null
}

/**
 * Rust: 'mod:x' to the module's file. `use` paths ('crate::', 'super::', 'self::', a crate of the tree, a child module) to the longest
 * prefix that is a module file, since the rest may be items. Crates are found by their Cargo.toml files. `#[path]`, and inline modules with
 * their own files, are not followed. Proven, except a `super::` that ends at the parent itself: it is mostly written in an inline `mod
 * tests` and then means the importing file.
 */
export const rust: Resolver = {
  isConfig: (path) => /(?:^|\/)Cargo\.toml$/.test(path),
  create: (tree) => {
    let crates: Crates | undefined
    return (from, specifier) => {
      crates ??= indexCrates(readCrates(tree))
      return withoutSelf(from, resolveRust(tree, crates, from, specifier))
    }
  },
}

function resolveRust(tree: Tree, crates: Crates, from: RepoPath, specifier: string): readonly Resolved[] {
  const root = rootOf(tree, crates.governing(folderOf(from)), from)
  const module = moduleSegments(root, from)
  if (specifier.startsWith('mod:')) {
    const file = moduleAt(tree, root, [...module, bare(specifier.slice(4))])
    return file ? proven(file) : []
  }
  const [head, ...rest] = usePath(specifier)
  if (head === undefined) return []
  if (head === 'crate') return longest(tree, root, rest)
  if (head === 'self') return longest(tree, root, [...module, ...rest])
  if (head === 'super') return fromSuper(tree, root, module, rest)
  // Since edition 2018 a `use` may begin with a child module, which may not have the name of a crate.
  if (moduleAt(tree, root, [...module, head])) return longest(tree, root, [...module, head, ...rest])
  const crate = crates.called(head, folderOf(from))
  return crate ? longest(tree, libraryRoot(tree, crate), rest) : []
}

function fromSuper(tree: Tree, root: Root, module: readonly string[], rest: readonly string[]): readonly Resolved[] {
  let levels = 1
  while (rest[levels - 1] === 'super') levels++
  if (levels > module.length) return []
  const parent = module.slice(0, module.length - levels)
  const found = longest(tree, root, [...parent, ...rest.slice(levels - 1)])
  const parentFile = parent.length === 0 ? root.file : moduleAt(tree, root, parent)
  return found[0]?.path === parentFile ? guessed(...found.map(({ path }) => path)) : found
}

function longest(tree: Tree, root: Root, segments: readonly string[]): readonly Resolved[] {
  for (let length = segments.length; length > 0; length--) {
    const file = moduleAt(tree, root, segments.slice(0, length))
    if (file) return proven(file)
  }
  return root.file ? proven(root.file) : []
}

function moduleAt(tree: Tree, root: Root, segments: readonly string[]): RepoPath | null {
  const path = below(root.folder, segments.join('/'))
  return [`${path}.rs`, `${path}/mod.rs`].find((file) => tree.has(file)) ?? null
}

/** The module of a file relative to its crate's root: 'src/a/b.rs' and 'src/a/b/mod.rs' are a::b. */
function moduleSegments(root: Root, from: RepoPath): readonly string[] {
  if (from === root.file) return []
  const inside = root.folder === '' ? from : from.slice(root.folder.length + 1)
  const path = inside.replace(/(?:(?:^|\/)mod)?\.rs$/, '')
  return path === '' || /^(?:lib|main)$/.test(path) ? [] : path.split('/')
}

/**
 * Each file in tests, benches, examples and src/bin is its own crate, or belongs to the main.rs of its folder; all others belong to the
 * library or program.
 */
function rootOf(tree: Tree, crate: Crate | null, from: RepoPath): Root {
  const folder = folderOf(from)
  if (!crate) return rootWithoutCargo(tree, from)
  const inside = from.slice(crate.folder === '' ? 0 : crate.folder.length + 1)
  const [, home, rest] = /^(src\/bin|tests|examples|benches)\/(.+)$/.exec(inside) ?? []
  if (crate.roots.has(from) || inside === 'build.rs' || rest?.includes('/') === false) return { folder, file: from }
  if (home !== undefined) {
    const program = below(crate.folder, `${home}/${rest!.split('/')[0]}`)
    const main = `${program}/main.rs`
    return tree.has(main) ? { folder: program, file: main } : { folder: folderOf(program), file: null }
  }
  return nearestRoot(tree, crate, from) ?? { folder, file: from }
}

/** The root file in the deepest folder above a file; if that has several, the library's. */
function nearestRoot(tree: Tree, crate: Crate, from: RepoPath): Root | null {
  let best: Root | null = null
  const named = [...crate.roots].map((file) => ({ folder: folderOf(file), file }))
  for (const root of [libraryRoot(tree, crate), ...named]) {
    const isAbove = root.folder === '' || from.startsWith(`${root.folder}/`)
    if (isAbove && (!best || root.folder.length > best.folder.length)) best = root
  }
  return best
}

function libraryRoot(tree: Tree, crate: Crate): Root {
  const folder = folderOf(crate.library)
  const file = [crate.library, below(folder, 'main.rs')].find((path) => tree.has(path))
  return { folder, file: file ?? null }
}

function rootWithoutCargo(tree: Tree, from: RepoPath): Root {
  for (const folder of upwards(folderOf(from))) {
    const file = ['lib.rs', 'main.rs'].map((name) => below(folder, name)).find((path) => tree.has(path))
    if (file) return { folder, file }
  }
  return { folder: folderOf(from), file: from }
}

/** 'a::b::*', 'a::b::self', 'r#a::b' -> ['a', 'b']. */
function usePath(specifier: string): readonly string[] {
  const segments = specifier.replace(/^::/, '').split('::').map(bare)
  while (segments.length > 1 && /^(?:\*|self)$/.test(segments.at(-1)!)) segments.pop()
  return segments.every((segment) => /^[^\s/.*:]+$/.test(segment)) ? segments : []
}

function bare(name: string): string {
  return name.trim().replace(/^r#/, '')
}

interface Crates {
  governing(folder: string): Crate | null
  called(name: string, folder: string): Crate | null
}

function indexCrates(crates: readonly Crate[]): Crates {
  const byFolder = new Map(crates.map((crate) => [crate.folder, crate]))
  const byName = groupBy(crates, (crate) => crate.name)
  const known = new Map<string, Crate | null>() // thousands of crates may have one name, and code may use as many paths in it
  const find = (name: string, folder: string): Crate | null => {
    const [best] = nearest(
      folder,
      byName.get(name)!.map((crate) => below(crate.folder, 'Cargo.toml')),
    )
    return best === undefined ? null : byFolder.get(folderOf(best))!
  }
  return {
    governing: (folder) => byFolder.get(upwards(folder).find((at) => byFolder.has(at)) ?? '') ?? null,
    called: (name, folder) => {
      if (!byName.has(name)) return null
      const key = `${name}\0${folder}`
      const crate = known.get(key) ?? find(name, folder)
      known.set(key, crate)
      return crate
    },
  }
}
