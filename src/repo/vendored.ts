import type { RepoPath } from '../types.ts'
import type { PathRule } from './default-ignores.ts'

const FOLDER =
  /(^|\/)(node_modules|bower_components|_?[vV]endor(ed)?|[tT]hird[-_]?[pP]arty|3rdparty|\.?venv|site-packages)\//
const HINT = /endor|node_m|arty|venv|bower_|site-p/
const LICENCE =
  /(^|\.)(un)?(licen[cs]e|copying|notice)s?([-_.](mit|apache|bsd|isc|l?gpl|mpl|[a-z]*\d[\w.-]*))*(\.(txt|md|rst|html))?$/i // not license.ts
const PACKAGE =
  /^(package\.json|composer\.json|bower\.json|go\.mod|Cargo\.toml|\.cargo-checksum\.json|setup\.py|pyproject\.toml|METADATA|[\w.-]+\.gemspec|pom\.xml)$/
/** What a package manager leaves in such a folder itself. */
const INSTALLED = /^(modules\.txt|pyvenv\.cfg|\.cargo-checksum\.json)$/

/**
 * Which files are other people's, brought into the repository: those in a folder called vendor, third_party, node_modules or the like, below a licence that is not the repository's own, a
 * package file, or what a package manager leaves there. The name alone says nothing: people call parts of their programs so.
 *
 * files: those that git tracks, with the ids of their contents; read at once. null: none of them is. A package file in the very folder of that name is its own: a package may be called vendor. Linear.
 */
export function vendoredBy(files: ReadonlyMap<RepoPath, string>): ((path: RepoPath) => PathRule | null) | null {
  const evidence = new Map<RepoPath, { readonly path: RepoPath; readonly blob: string }[]>() // by folder
  for (const path of files.keys()) {
    const top = topOf(path)
    if (top === null) continue
    const name = nameOf(path)
    const folder = path.slice(0, -1 - name.length)
    if (LICENCE.test(name) || (folder === top ? INSTALLED.test(name) : PACKAGE.test(name)))
      evidence.set(folder, [...(evidence.get(folder) ?? []), { path, blob: files.get(path)! }])
  }
  if (evidence.size === 0) return null
  const brought = new Set([...evidence.values()].flat().map(({ blob }) => blob))
  const own = new Set<string>()
  for (const [path, blob] of files)
    if (brought.has(blob) && topOf(path) === null && LICENCE.test(nameOf(path))) own.add(blob)
  return (path) => {
    const top = topOf(path)
    if (top === null) return null
    for (let folder = path; folder.length > top.length; ) {
      folder = folder.slice(0, folder.lastIndexOf('/'))
      const found = evidence.get(folder)?.find(({ blob }) => !own.has(blob))
      if (found) return { reason: 'vendored', rule: `it came with ${found.path}` }
    }
    return null
  }
}

/** The outermost folder of such a name that a path is in, or that it is where it ends in '/'. null: none, which is told at once: it is asked of every file. */
function topOf(path: RepoPath): RepoPath | null {
  if (!HINT.test(path)) return null
  const found = FOLDER.exec(path)
  return found && path.slice(0, found.index + found[0].length - 1)
}

function nameOf(path: RepoPath): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
