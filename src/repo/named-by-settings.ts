import { posix } from 'node:path'
import { canonicalName, withoutForm } from '../files/canonical-name.ts'
import type { RepoPath } from '../types.ts'
import { globName, type NameTest } from './glob-name.ts'

/** A setting of git that may name files, with the words of its value. */
export interface Setting {
  readonly key: string
  readonly words: ReadonlySet<string>
}

/**
 * Tells which setting may name a file, however a shell or a program puts its words together ('tools/my-$e', 'cd tools && ./x',
 * 'python3 -m tools.x'). Such a setting has words with all names of the path, except the ending; or a pattern that leads there ('./tools/?').
 * In the top folder one word is enough, so there the ending counts too ('git checkout main' names no main.py), unless a program adds it. The
 * file need not exist: an agent could create it. A test of a path takes settings times names.
 */
export function namedBySettings(settings: readonly Setting[]): (path: RepoPath) => string | null {
  const read = settings.map(({ key, words }) => {
    const names = new Set([...words].flatMap(namesIn))
    const files = new Set([...words].map((word) => canonicalName(posix.basename(word))))
    const isOpen = ADDS_ENDING.some((program) => names.has(program))
    const modules = new Set([...words].flatMap((word) => (isOpen || /^\.?\//.test(word) ? moduleOf(word) : [])))
    return { key, names, files, modules, patterns: [...words].map(patternIn).filter((pattern) => pattern !== null) }
  })
  return (path) => {
    const parts = path.split(/[/\\]/).map(canonicalName)
    const whole = parts.join('/')
    const plain = whole.slice(0, whole.length - posix.extname(whole).length)
    const ways = [...new Set([plain, plain.replace(FOLDER_MODULE, '')])].map((way) => ({ way, wanted: namesIn(way) }))
    const found = read.find(
      ({ names, files, modules, patterns }) =>
        ways.some(
          ({ way, wanted }) =>
            (way.includes('/') || files.has(whole) || modules.has(way)) &&
            wanted.length > 0 &&
            wanted.every((name) => names.has(name)),
        ) || patterns.some((pattern) => leadsTo(pattern, parts, names)),
    )
    return found?.key ?? null
  }
}

/** Programs that look for 'lint.js' where a setting says 'lint'. git itself does not: the helper 'cache' is no cache.py. */
const ADDS_ENDING = [
  ...['python', 'python2', 'python3', 'py', 'pypy', 'pypy3', 'ipython'],
  ...['node', 'nodejs', 'bun', 'deno', 'tsx', 'ts', 'pwsh', 'ruby', 'php', 'lua', 'perl'],
]

function moduleOf(word: string): string {
  return canonicalName(posix.basename(word)).split('.')[0]!
}

/** The runs of letters and digits in a text, in canonical form. */
function namesIn(text: string): readonly string[] {
  return withoutForm(text)
    .split(/[^a-z\d\u0080-\uffff]+/)
    .filter(Boolean)
}

/** A module may be a file or a folder with such a file. */
const FOLDER_MODULE = /\/(?:__init__|__main__|index)$/

interface PathPattern {
  readonly matches: NameTest
  readonly isWild: boolean
}

/** The parts of a pattern for paths; null: the word is no pattern, or can match nothing. */
function patternIn(word: string): readonly PathPattern[] | null {
  if (!/[*?[]/.test(word) || !word.includes('/')) return null
  const parts = word.split('/').filter((part) => !/^\.{0,2}$/.test(part))
  const tests = parts.flatMap((part) => {
    const matches = globName(part, true)
    return matches ? [{ matches, isWild: /[*?[]/.test(part) }] : []
  })
  return tests.length === parts.length ? tests : null
}

/** Whether a pattern leads to a path: from the repository, from a folder above it, or from one that is named as well. */
function leadsTo(pattern: readonly PathPattern[], parts: readonly string[], names: ReadonlySet<string>): boolean {
  const end = pattern.slice(-parts.length)
  const from = parts.length - end.length
  const isTelling = end.length === pattern.length || end.some(({ isWild }) => !isWild) // 'origin/*' names no README
  return (
    isTelling &&
    end.every(({ matches }, i) => matches(parts[from + i]!)) &&
    parts.slice(0, from).every((part) => namesIn(part).every((name) => names.has(name)))
  )
}
