import { isSource } from '../paths.ts'
import type { RepoPath } from '../types.ts'

/** Names that a change removes from source files and adds nowhere: each with a file that it removes it from. */
export type GoneNames = ReadonlyMap<string, RepoPath>

const NAME = /--[a-z][a-z0-9]+(?:-[a-z0-9]+)*|[A-Za-z_][A-Za-z0-9_]{4,}/g
// definitions of any language; variables only at the left margin, where they are no local ones
const DEFINED =
  /\b(?:function\*?|class|interface|type|enum|(?<=^-(?:export )?)(?:const|let|var)|def|fn|func(?: \([^()]*\))?|struct|trait|union|macro_rules!|module|protocol|extension|object|record|typealias)\s+([A-Za-z_][A-Za-z0-9_]{4,})/g
const OPTION = /["'`](--[a-z][a-z0-9]+(?:-[a-z0-9]+)*)/g
const LONGEST = 39 // characters: what is longer is a key more often than a name
const MOST = 300

/**
 * What removed lines define: names in the case of code (camelCase, snake_case) and options ("--depth"); and the paths of files that are no
 * longer there. Words of plain English are left out: a document may use them for anything.
 *
 * diff: of git, without context (-U0), with the prefixes a/ and b/. O(its length).
 */
export function goneNames(diff: string): GoneNames {
  const removed = new Map<string, RepoPath>()
  const added = new Set<string>()
  let [from, isHeader, isCode] = ['', true, false]
  for (const line of diff.split('\n')) {
    if (line.startsWith('diff --git ')) isHeader = true
    else if (line.startsWith('@@ ')) isHeader = false
    else if (isHeader) {
      if (line.startsWith('--- a/')) {
        from = line.slice('--- a/'.length)
        isCode = isSource(from)
      } else if (line === '+++ /dev/null') removed.set(from, from)
      else if (line.startsWith('rename from ')) {
        const old = line.slice('rename from '.length)
        removed.set(old, old)
      }
    } else if (line.startsWith('-') && isCode) {
      for (const name of definedIn(line)) if (!removed.has(name)) removed.set(name, from)
    } else if (line.startsWith('+')) for (const [name] of line.matchAll(NAME)) added.add(name)
  }
  return new Map([...removed].filter(([name]) => !added.has(name)).slice(0, MOST))
}

function definedIn(line: string): string[] {
  const names = [...line.matchAll(DEFINED)].map(([, name]) => name!).filter((name) => LOOKS_LIKE_CODE.test(name))
  return [...names, ...[...line.matchAll(OPTION)].map(([, name]) => name!)].filter(({ length }) => length <= LONGEST)
}

const LOOKS_LIKE_CODE = /[a-z0-9][A-Z]|[A-Za-z0-9]_[A-Za-z0-9]/
