import type { RepoPath } from '../types.ts'
import type { PathRule } from './default-ignores.ts'

const FOLDER =
  /(^|\/)(node_modules|bower_components|_?[vV]endor(ed)?|[tT]hird[-_]?[pP]arty|3rdparty|\.?venv|site-packages)\//
const HINT = /endor|node_m|arty|venv|bower_|site-p/
const LICENCE =
  /(^|\.)(un)?(licen[cs]e|copying|notice)s?([-_.](mit|apache|bsd|isc|l?gpl|mpl|[a-z]*\d[\w.-]*))*(\.(txt|md|rst|html))?$/i // but not license.ts
const PACKAGE =
  /^(package\.json|composer\.json|bower\.json|go\.mod|Cargo\.toml|\.cargo-checksum\.json|setup\.py|pyproject\.toml|METADATA|[\w.-]+\.gemspec|pom\.xml)$/
/** Files that a package manager writes into such a folder. */
const INSTALLED = /^(modules\.txt|pyvenv\.cfg|\.cargo-checksum\.json)$/

/**
 * Detects other people's files: those in a folder called vendor, third_party, node_modules or similar that has evidence. Evidence is a
 * licence other than the repository's own, a package file, or a file of a package manager. The name alone is no evidence: people use such
 * names for parts of their programs.
 *
 * files: tracked files with their content ids; read immediately. null: there are none. A package file directly in the named folder is no
 * evidence: a package may be called vendor. Linear.
 */
export function vendoredBy(files: ReadonlyMap<RepoPath, string>): ((path: RepoPath) => PathRule | null) | null {
  const evidence = new Map<RepoPath, { readonly path: RepoPath; readonly blob: string }[]>() // by folder
  const at = (folder: RepoPath) => {
    const known = evidence.get(folder) ?? []
    evidence.set(folder, known)
    return known
  }
  for (const path of files.keys()) {
    const top = topOf(path)
    if (top === null) continue
    const name = nameOf(path)
    const folder = path.slice(0, -1 - name.length)
    if (LICENCE.test(name) || (folder === top ? INSTALLED.test(name) : PACKAGE.test(name)))
      at(folder).push({ path, blob: files.get(path)! })
  }
  if (evidence.size === 0) return null
  const brought = new Set([...evidence.values()].flat().map(({ blob }) => blob))
  const own = new Set<string>()
  for (const [path, blob] of files)
    if (brought.has(blob) && topOf(path) === null && LICENCE.test(nameOf(path))) own.add(blob)
  const foreign = new Map(
    [...evidence].flatMap(([folder, found]) => {
      const one = found.find(({ blob }) => !own.has(blob))
      return one ? [[folder, one.path] as const] : []
    }),
  )
  return (path) => {
    const top = topOf(path)
    if (top === null) return null
    for (let folder = path; folder.length > top.length; ) {
      folder = folder.slice(0, folder.lastIndexOf('/'))
      const found = foreign.get(folder)
      if (found !== undefined) return { reason: 'vendored', rule: `it came with ${found}` }
    }
    return null
  }
}

/**
 * The outermost such folder on a path, or the path itself if it ends in '/'. null: none, which is decided fast because it is called for
 * every file.
 */
function topOf(path: RepoPath): RepoPath | null {
  if (!HINT.test(path)) return null
  const found = FOLDER.exec(path)
  return found && path.slice(0, found.index + found[0].length - 1)
}

function nameOf(path: RepoPath): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
