import type { RepoPath } from '../types.ts'
import { AttributeFile, readMacros, type Said } from './attribute-file.ts'

/** What GitHub's linguist is told of a file by attributes, as git would tell it: which file says it. null: none. */
export interface Attributes {
  said(path: RepoPath, attribute: LinguistAttribute): { readonly value: boolean; readonly by: RepoPath } | null
}

export type LinguistAttribute = 'linguist-vendored' | 'linguist-generated'

const WANTED: ReadonlySet<string> = new Set<LinguistAttribute>(['linguist-vendored', 'linguist-generated'])
const TOP = '.gitattributes'
const FILE = /(^|\/)\.gitattributes$/

/**
 * Reads `.gitattributes` at any level (a nearer one wins). No git process: git's own answer to a past tree wants git 2.40, and one for the working tree takes longer than all else
 * that a look at an unchanged repository takes.
 *
 * null: there are none. paths: every candidate path; read: the text of those that are attribute files. Attributes of the user's own (core.attributesFile, .git/info) do not count.
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
    said(path, attribute) {
      const names = path.split('/')
      const known = new Map<string, Said>()
      for (let depth = names.length - 1; depth >= 0; depth--) {
        const one = files.get(
          names
            .slice(0, depth)
            .map((name) => `${name}/`)
            .join(''),
        )
        if (!one?.file.fill(names.slice(depth), known).includes(attribute)) continue
        const said = known.get(attribute)!
        return said === null ? null : { value: isYes(said), by: one.path }
      }
      return null
    },
  }
}

/** As linguist reads it: any value but 'false'. */
function isYes(said: Exclude<Said, null>): boolean {
  return said !== false && said !== 'false'
}
