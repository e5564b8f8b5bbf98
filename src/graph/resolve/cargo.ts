import type { RepoPath } from '../../types.ts'
import { below, folderOf, joinPath } from './paths.ts'
import type { Tree } from './tree.ts'

export interface Crate {
  /** Folder of its Cargo.toml. */
  readonly folder: string
  /** As in code: 'my-crate' becomes my_crate. */
  readonly name: string
  /** Root file of the library; may not exist. */
  readonly library: RepoPath
  /** Root files that Cargo.toml names and the tree has: of binaries, tests, benches, examples, and the library. */
  readonly roots: ReadonlySet<RepoPath>
}

/** The crates of a tree, one per Cargo.toml with a [package]. A Cargo.toml without one (a workspace, or broken) is skipped. */
export function readCrates(tree: Tree): readonly Crate[] {
  return tree.named('Cargo.toml').flatMap((path) => readCrate(tree, path) ?? [])
}

function readCrate(tree: Tree, path: RepoPath): Crate | null {
  const [folder, text] = [folderOf(path), tree.read(path) ?? '']
  const packageName = stringValue(section(text, 'package'), 'name')
  if (packageName === null) return null
  const lib = section(text, 'lib')
  const library = joinPath(folder, stringValue(lib, 'path') ?? 'src/lib.rs') ?? below(folder, 'src/lib.rs')
  const named = [...text.matchAll(/^[ \t]*path[ \t]*=[ \t]*"([^"\n]+\.rs)"/gm)].flatMap(
    ([, written]) => joinPath(folder, written!) ?? [],
  )
  const name = (stringValue(lib, 'name') ?? packageName).replaceAll('-', '_')
  return { folder, name, library, roots: new Set([library, ...named].filter((root) => tree.has(root))) }
}

/** Text of a TOML table, from its header to the next one. */
function section(text: string, name: string): string {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.split('#', 1)[0]!.trim() === `[${name}]`)
  if (start < 0) return ''
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => /^\s*\[{1,2}[\w."' -]+\]{1,2}\s*(?:#.*)?$/.test(line))
  return (end < 0 ? rest : rest.slice(0, end)).join('\n')
}

function stringValue(toml: string, key: string): string | null {
  return new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*["']([^"'\\n]+)["']`, 'm').exec(toml)?.[1] ?? null
}
