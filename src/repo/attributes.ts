import type { RepoPath } from '../types.ts'
import { AttributeFile, readMacros, type Said } from './attribute-file.ts'

/** Attributes that GitHub's linguist reads for a file, as git would resolve them, and the file that sets each. */
export interface Attributes {
  of(path: RepoPath): ReadonlyMap<string, LinguistState>
}

export interface LinguistState {
  readonly value: boolean
  readonly by: RepoPath
}

export type LinguistAttribute = 'linguist-vendored' | 'linguist-generated'

const WANTED: ReadonlySet<string> = new Set<LinguistAttribute>(['linguist-vendored', 'linguist-generated'])
const TOP = '.gitattributes'
const FILE = /(^|\/)\.gitattributes$/

/**
 * Reads `.gitattributes` at any level; a nearer one wins. Starts no git process: reading the attributes of a past tree needs git 2.40, and
 * for the working tree it takes longer than everything else in a look at an unchanged repository.
 *
 * null: there are none. paths: every candidate path; read: the text of those that are attribute files. The user's own attributes
 * (core.attributesFile, .git/info) do not count.
 */
export async function readAttributes(
  paths: readonly RepoPath[],
  read: (path: RepoPath) => Promise<string> | string,
): Promise<Attributes | null> {
  const found = paths.filter((path) => path.endsWith(TOP) && FILE.test(path))
  if (found.length === 0) return null
  const macros = found.includes(TOP) ? readMacros(await read(TOP)) : new Map()
  const files = new Map<string, { readonly path: RepoPath; readonly file: AttributeFile }>()
  for (const path of found) {
    const file = new AttributeFile(await read(path), WANTED, macros)
    if (!file.isSilent) files.set(path.slice(0, -TOP.length), { path, file })
  }
  if (files.size === 0) return null
  return {
    of(path) {
      const known = new Map<string, Said>()
      const found = new Map<string, LinguistState>()
      for (let at = path.length; at > 0; ) {
        at = path.lastIndexOf('/', at - 1) + 1 // start of the path within a folder, the nearest folder first
        const one = files.get(path.slice(0, at))
        for (const name of one?.file.fill(path.slice(at).split('/'), known) ?? []) {
          const said = known.get(name)!
          if (said !== null) found.set(name, { value: isYes(said), by: one!.path })
        }
        at--
      }
      return found
    },
  }
}

/** Like linguist: any value but 'false' means yes. */
function isYes(said: Exclude<Said, null>): boolean {
  return said !== false && said !== 'false'
}
