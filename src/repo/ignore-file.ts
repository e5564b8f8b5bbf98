import { UserError } from '../errors.ts'
import { roomForPatterns } from './costly-patterns.ts'
import { globName, type NameTest } from './glob-name.ts'

const MOST_RULES = 10_000
const REMEMBERED = 100_000 // folders

interface Rule {
  readonly isNegative: boolean
  readonly isFolder: boolean
  /** null: '**', any number of folders. A single unanchored test applies to the last name. */
  readonly parts: readonly (NameTest | null)[]
  readonly isAnchored: boolean
  readonly origin: RuleOrigin
}

/** Where a rule comes from. file: as passed to add(). */
export interface RuleOrigin {
  readonly pattern: string
  readonly file: string
}

export interface Verdict {
  readonly ignored: boolean
  /** The last matching rule re-includes the path. */
  readonly unignored: boolean
  /** The rule that decided; null: none did. */
  readonly rule: RuleOrigin | null
}

const SILENT: Verdict = { ignored: false, unignored: false, rule: null }

/**
 * Rules of a .gitignore (git's documentation, gitignore), and their verdicts on paths.
 *
 * A test takes at most path length times rules length steps, since rules may come from a stranger's repository. The usual library builds
 * regular expressions that can take practically forever. ignoreCase: 'Build' also matches 'build'.
 */
export class IgnoreFile {
  readonly #rules: Rule[] = []
  readonly #folders = new Map<string, Verdict>()
  readonly #ignoreCase: boolean
  readonly #hasRoom = roomForPatterns()

  constructor(ignoreCase: boolean) {
    this.#ignoreCase = ignoreCase
  }

  /** Adds the rules of a text; later ones win. file: its name in verdicts. Throws UserError for more than 10,000, and for too many stars. */
  add(text: string, file = ''): this {
    for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
      const rule = readRule(line.replace(/\r$/, ''), this.#ignoreCase, file)
      if (!rule) continue
      if (!this.#hasRoom(line))
        throw new UserError(
          `${file || 'a list of rules'} has too many rules with several '*', which would take long`,
          'name folders in place of them',
        )
      this.#rules.push(rule)
    }
    if (this.#rules.length > MOST_RULES)
      throw new UserError(`an ignore file has more than ${MOST_RULES} rules`, 'name folders in place of single files')
    this.#folders.clear()
    return this
  }

  /** The verdict on a path relative to the rules' folder. A folder's path ends in '/'. Everything in an ignored folder is ignored. */
  test(path: string): Verdict {
    if (this.#rules.length === 0) return SILENT
    const isFolder = path.endsWith('/')
    const names = (isFolder ? path.slice(0, -1) : path).split('/')
    for (let depth = 1; depth < names.length; depth++) {
      const above = this.#ofFolder(names.slice(0, depth))
      if (above.ignored) return above
    }
    return isFolder ? this.#ofFolder(names) : this.#said(names, false)
  }

  ignores(path: string): boolean {
    return this.test(path).ignored
  }

  #ofFolder(names: readonly string[]): Verdict {
    const key = names.join('/')
    const known = this.#folders.get(key)
    if (known) return known
    if (this.#folders.size >= REMEMBERED) this.#folders.clear()
    const said = this.#said(names, true)
    this.#folders.set(key, said)
    return said
  }

  #said(names: readonly string[], isFolder: boolean): Verdict {
    const rule = this.#rules.findLast((one) => (isFolder || !one.isFolder) && isMeant(one, names))
    if (!rule) return SILENT
    return { ignored: !rule.isNegative, unignored: rule.isNegative, rule: rule.origin }
  }
}

/** null: an empty line, a comment, or a rule that can match nothing. */
function readRule(line: string, ignoreCase: boolean, file: string): Rule | null {
  if (line === '' || line.startsWith('#')) return null
  const isNegative = line.startsWith('!')
  const text = withoutTrailingSpaces(isNegative ? line.slice(1) : line)
  const isFolder = text.endsWith('/')
  const whole = isFolder ? text.slice(0, -1) : text
  const isAnchored = whole.includes('/')
  const written = whole.replace(/^\//, '').split('/')
  if (written.join('') === '') return null
  const parts: (NameTest | null)[] = []
  for (const part of written) {
    const isAnyDepth = isAnchored && /^\*{2,}$/.test(part)
    const test = isAnyDepth ? null : globName(part, ignoreCase)
    if (test === null && !isAnyDepth) return null
    if (test !== null || parts.at(-1) !== null || parts.length === 0) parts.push(test)
  }
  return { isNegative, isFolder, parts, isAnchored, origin: { pattern: line, file } }
}

/** A space after a backslash is kept. */
function withoutTrailingSpaces(text: string): string {
  let spaces = text.length
  for (let at = 0; at < text.length; at++) {
    if (text[at] === ' ') spaces = Math.min(spaces, at)
    else {
      if (text[at] === '\\') at++
      spaces = text.length
    }
  }
  return text.slice(0, spaces)
}

function isMeant({ parts, isAnchored }: Rule, names: readonly string[]): boolean {
  if (!isAnchored) return parts[0]!(names.at(-1)!)
  let [part, at, star, from] = [0, 0, -1, 0]
  while (at < names.length) {
    const test = parts[part]
    if (test === null) {
      star = part++
      from = at
    } else if (test?.(names[at]!)) {
      part++
      at++
    } else if (star >= 0) {
      part = star + 1
      at = ++from
    } else return false
  }
  // 'a/**' matches what is in 'a', not 'a' itself
  return part === parts.length
}
