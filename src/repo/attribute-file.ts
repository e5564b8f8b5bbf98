import { roomForPatterns } from './costly-patterns.ts'
import { type Glob, globOf } from './glob.ts'

/** The state of an attribute: set, unset, a value, or null for unspecified. */
export type Said = true | false | string | null

type States = readonly (readonly [attribute: string, said: Said])[]

interface Line {
  readonly glob: Glob
  /** Last first: the last one wins. */
  readonly states: States
}

const MOST_LINES = 10_000

/** Attributes that a macro of the top file stands for: '[attr]foreign linguist-vendored -diff'. */
export type Macros = ReadonlyMap<string, States>

export function readMacros(text: string): Macros {
  const macros = new Map<string, States>()
  for (const [first, ...words] of linesOf(text))
    if (first?.startsWith('[attr]')) macros.set(first.slice('[attr]'.length), statesOf(words))
  return macros
}

/** A .gitattributes file (git's documentation, gitattributes): the attributes of paths relative to its folder. */
export class AttributeFile {
  readonly #lines: readonly Line[]
  readonly #macros: Macros

  /** Only wanted attributes are kept; other attributes and macros are dropped. */
  constructor(text: string, wanted: ReadonlySet<string>, macros: Macros) {
    const lines: Line[] = []
    const hasRoom = roomForPatterns()
    for (const [first, ...words] of linesOf(text)) {
      if (first === undefined || first.startsWith('[attr]')) continue
      const states = statesOf(words).filter(([name]) => wanted.has(name) || macros.has(name))
      const glob = states.length > 0 && hasRoom(first) ? globOf(first) : null
      if (glob) lines.push({ glob, states })
    }
    this.#lines = lines.reverse()
    this.#macros = macros
  }

  get isSilent(): boolean {
    return this.#lines.length === 0
  }

  /**
   * Adds the attributes in the file to the known ones, without overriding them; within the file, the last matching line wins. Returns the
   * added names.
   */
  fill(names: readonly string[], known: Map<string, Said>): readonly string[] {
    const added: string[] = []
    for (const { glob, states } of this.#lines) {
      if (states.every(([name]) => known.has(name)) || !glob(names)) continue
      const left = [...states].reverse() // no recursion: macros may stand for macros ten thousand times
      for (let next = left.pop(); next; next = left.pop()) {
        const [name, said] = next
        if (known.has(name)) continue
        known.set(name, said)
        added.push(name)
        if (said === true) for (const one of [...(this.#macros.get(name) ?? [])].reverse()) left.push(one)
      }
    }
    return added
  }
}

function* linesOf(text: string): Generator<string[]> {
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/, MOST_LINES)) yield wordsOf(line)
}

/** Last first. */
function statesOf(words: readonly string[]): States {
  return words
    .map((word): States[number] => {
      const [, sign, name, value] = /^([-!]?)([^=]*)(?:=(.*))?$/s.exec(word)!
      return [name!, sign === '-' ? false : sign === '!' ? null : (value ?? true)]
    })
    .reverse()
}

/** The pattern, which may be quoted as in C, and the attributes. [] for a comment. */
function wordsOf(line: string): string[] {
  const text = line.replace(/^[ \t]+/, '')
  if (text === '' || text.startsWith('#')) return []
  const quoted = /^"((?:[^"\\]|\\.)*)"(?=[ \t]|$)/.exec(text)
  if (!quoted) return text.split(/[ \t]+/).filter(Boolean)
  return [
    unquote(quoted[1]!),
    ...text
      .slice(quoted[0].length)
      .split(/[ \t]+/)
      .filter(Boolean),
  ]
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

function unquote(text: string): string {
  const bytes = Buffer.from(text, 'utf8').toString('latin1')
  const plain = bytes.replace(/\\([0-3][0-7]{2}|.)/gs, (_, one: string) =>
    one.length === 3 ? String.fromCharCode(Number.parseInt(one, 8)) : (ESCAPES[one] ?? one),
  )
  return Buffer.from(plain, 'latin1').toString('utf8')
}
