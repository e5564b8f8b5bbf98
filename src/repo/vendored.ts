import type { RepoPath } from '../types.ts'
import type { PathRule } from './default-ignores.ts'

const FOLDER = /^(node_modules|bower_components|_?vendor(ed)?|third[-_]?party|3rdparty|\.?venv|site-packages)$/i
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
 * files: those that git tracks, with the ids of their contents. A package file in the very folder of that name is its own: a package may be called vendor. Linear.
 */
export function vendoredBy(
  files: Iterable<{ readonly path: RepoPath; readonly blob: string }>,
): (path: RepoPath) => PathRule | null {
  const own = new Set<string>() // licences of the repository
  const evidence = new Map<RepoPath, { readonly path: RepoPath; readonly blob: string }[]>() // by folder
  for (const file of files) {
    const { path } = file
    const slash = path.lastIndexOf('/')
    const name = path.slice(slash + 1)
    const isLicence = LICENCE.test(name)
    if (!isLicence && !PACKAGE.test(name) && !INSTALLED.test(name)) continue
    const folder = path.slice(0, Math.max(0, slash))
    const top = topOf(folder)
    if (top === null) {
      if (isLicence) own.add(file.blob)
    } else if (isLicence || (folder === top ? INSTALLED.test(name) : PACKAGE.test(name))) {
      evidence.set(folder, [...(evidence.get(folder) ?? []), file])
    }
  }
  if (evidence.size === 0) return () => null
  return (path) => {
    const top = topOf(path.slice(0, Math.max(0, path.lastIndexOf('/'))))
    if (top === null) return null
    for (let folder = path; folder.length > top.length; ) {
      folder = folder.slice(0, folder.lastIndexOf('/'))
      const found = evidence.get(folder)?.find(({ blob }) => !own.has(blob))
      if (found) return { reason: 'vendored', rule: `it came with ${found.path}` }
    }
    return null
  }
}

/** The outermost folder of such a name that holds a folder, or is it. null: none. */
function topOf(folder: RepoPath): RepoPath | null {
  for (let end = folder.indexOf('/'), start = 0; start <= folder.length; ) {
    const until = end < 0 ? folder.length : end
    if (FOLDER.test(folder.slice(start, until))) return folder.slice(0, until)
    start = until + 1
    end = folder.indexOf('/', start)
  }
  return null
}
