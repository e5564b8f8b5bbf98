/** Whether a name (without '/') matches a glob with '*', '?', '[a-z]', '[!a-z]', '[[:alpha:]]' and '\\' before a literal character. */
export type NameTest = (name: string) => boolean

type Token = '*' | ((character: string) => boolean) | string

/**
 * Compiles a glob for one name, like git's wildmatch; null if it can match nothing (an unclosed class). Matching takes at most pattern
 * times name steps: only the last '*' is ever retried.
 */
export function globName(glob: string, ignoreCase: boolean): NameTest | null {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text)
  if (!/[*?[\\]/.test(glob)) {
    const wanted = fold(glob)
    return (name) => fold(name) === wanted
  }
  const tokens = tokensOf(glob, ignoreCase)
  if (!tokens) return null
  const least = tokens.filter((token) => token !== '*').length
  return (name) => {
    const characters = [...fold(name)]
    return characters.length >= least && matches(tokens, characters)
  }
}

function matches(tokens: readonly Token[], name: readonly string[]): boolean {
  let [token, at, star, from] = [0, 0, -1, 0]
  while (at < name.length) {
    const wanted = tokens[token]
    if (wanted === '*') {
      star = token++
      from = at
    } else if (wanted !== undefined && isOne(wanted, name[at]!)) {
      token++
      at++
    } else if (star >= 0) {
      token = star + 1
      at = ++from
    } else return false
  }
  while (tokens[token] === '*') token++
  return token === tokens.length
}

function isOne(token: Exclude<Token, '*'>, character: string): boolean {
  // literal characters are stored after a backslash: a bare '*' is the wildcard
  return typeof token === 'string' ? token.slice(1) === character : token(character)
}

function tokensOf(glob: string, ignoreCase: boolean): Token[] | null {
  const tokens: Token[] = []
  const characters = [...glob]
  for (let at = 0; at < characters.length; at++) {
    const one = characters[at]!
    if (one === '*') {
      if (tokens.at(-1) !== '*') tokens.push('*')
    } else if (one === '?') tokens.push(() => true)
    else if (one === '[') {
      const found = classAt(characters, at, ignoreCase)
      if (!found) return null
      tokens.push(found.isIn)
      at = found.end
    } else {
      if (one === '\\' && ++at === characters.length) return null
      const letter = characters[at]!
      tokens.push(`\\${ignoreCase ? letter.toLowerCase() : letter}`)
    }
  }
  return tokens
}

const POSIX: Readonly<Record<string, RegExp>> = {
  alnum: /[a-z\d]/i,
  alpha: /[a-z]/i,
  blank: /[ \t]/,
  cntrl: /[\0-\x1f\x7f]/,
  digit: /\d/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[\da-f]/i,
}

/** The class that begins at a '['. end: position of its ']'. null: unclosed, or with an unknown class name. */
export function classAt(
  glob: readonly string[],
  start: number,
  ignoreCase: boolean,
): { readonly isIn: (character: string) => boolean; readonly end: number } | null {
  let at = start + 1
  const isNot = glob[at] === '!' || glob[at] === '^'
  if (isNot) at++
  const first = at
  const ranges: (readonly [string, string])[] = []
  const named: RegExp[] = []
  for (; glob[at] !== ']' || at === first; at++) {
    if (at >= glob.length) return null
    if (glob[at] === '[' && glob[at + 1] === ':') {
      const end = glob.indexOf(']', at + 2)
      const name = glob.slice(at + 2, end - 1).join('')
      if (end < 0) return null
      if (glob[end - 1] === ':' && end > at + 2) {
        if (!Object.hasOwn(POSIX, name)) return null
        // like git: without case, the class of capitals includes small letters
        named.push(ignoreCase && name === 'upper' ? /[a-z]/i : POSIX[name]!)
        at = end
        continue
      }
    }
    if (glob[at] === '\\') at++
    const low = glob[at]
    if (low === undefined) return null
    let high = low
    if (glob[at + 1] === '-' && glob[at + 2] !== undefined && glob[at + 2] !== ']') {
      at += 2
      if (glob[at] === '\\') at++
      if (glob[at] === undefined) return null
      high = glob[at]!
    }
    ranges.push([low, low], [low, high]) // as in git, the first character matches also if the range is reversed
  }
  const isListed = (one: string) =>
    ranges.some(([low, high]) => low <= one && one <= high) || named.some((kind) => kind.test(one))
  const isIn = (one: string) => isListed(one) || (ignoreCase && isListed(one.toUpperCase()))
  return { isIn: (one) => isIn(one) !== isNot, end: at }
}
