import { trimEndOf } from '../text/trim-end.ts'

/** What the code puts together: the fixed parts of a text, between which, before and behind which it fills something in. */
type Template = readonly string[]

/**
 * Tells whether the code makes a name: 'chunks/nitro/[name].mjs' of `chunks/${name}/[name].mjs`, 'data/cache/a.db' of join('data', 'cache',
 * 'a.db'). Reads the code at the first question, line by line. Linear in the code, and in the name for each template; quadratic in the name.
 */
export function madeNames(text: string): (name: string) => boolean {
  let code: Code | undefined
  return (name) => {
    if (name.length > LONGEST) return false
    code ??= codeOf(text)
    const filled = name.replace(PLACEHOLDER, 'x')
    const makes = (template: Template) => doesMake(template, name) || (filled !== name && doesMake(template, filled))
    return (
      code.templates.some(makes) ||
      isJoined(name, code.quoted) ||
      isBelowVariable(name, code.quoted, text) ||
      code.numbered.has(name.replace(/\d+/, HOLE))
    )
  }
}

interface Code {
  readonly templates: readonly Template[]
  readonly quoted: ReadonlySet<string>
  /** What NUMBERED matches, with HOLE in place of the number. */
  readonly numbered: ReadonlySet<string>
}

function codeOf(text: string): Code {
  const lines = text.split('\n')
  const templates = lines.flatMap(templatesOfLine)
  return {
    templates: templates.filter(isTelling).slice(0, MOST_TEMPLATES),
    quoted: new Set(lines.flatMap((line) => quotesOf(line).map((quote) => quote.text))),
    numbered: new Set([
      ...templates.flatMap((template) => template.join(HOLE).match(NUMBERED) ?? []),
      ...(DOLLAR_BEFORE_BRACES.test(text) ? [`$${HOLE}`] : []),
    ]),
  }
}

const PLACEHOLDER = /[$#%]?\{[\w.]+\}|%<\w+>[\d.]*[a-z]/g // 'row-${i}' stands for all names that are made
const LONGEST = 300 // characters of a name
const MOST_TEMPLATES = 5000 // each name is compared with all
const MOST_JOINED = 5 // quoted texts: with many short ones, every name could be put together

/** Whether a name is whole quoted texts in a row, also with a '/' between them. No identifier: its parts often stand in the code by chance. */
function isJoined(name: string, quoted: ReadonlySet<string>): boolean {
  return !/^\w*$/.test(name) && fewestQuotes(name, quoted) <= Math.min(MOST_JOINED, name.length / 3)
}

/** Whether the code names the variable or the home folder that a path begins with, and quotes the rest: '$XDG_HOME/lib/a', '~/lib/a', '%APPDATA%\a'. */
function isBelowVariable(path: string, quoted: ReadonlySet<string>, text: string): boolean {
  const parts = /^(?:~|\$(\w+)|\$\{(\w+)\}|%(\w+)%)[/\\](.+)$/.exec(path)
  if (!parts) return false
  const [, plain, braced, windows, end] = parts
  const variable = plain ?? braced ?? windows ?? 'HOME'
  const isConstant = windows !== undefined || variable === variable.toUpperCase()
  const word = new RegExp(`(?<!\\w)${variable}(?!\\w)`, windows ? 'i' : '')
  const isNamed = quoted.has(variable) || (isConstant && word.test(text)) || (variable === 'HOME' && HOME.test(text))
  const rest = end!.replaceAll('\\', '/')
  const fewest = Math.min(fewestQuotes(rest, quoted), fewestQuotes(`/${rest}`, quoted))
  return isNamed && fewest <= Math.max(1, Math.min(MOST_JOINED, rest.length / 3))
}

const HOME = /\b(?:user_?)?home\b|home_?dir|expanduser/i

/** The fewest whole quoted texts that a name can be put together of, also with a '/' between them; infinite above MOST_JOINED. */
function fewestQuotes(name: string, quoted: ReadonlySet<string>): number {
  const least = new Array<number>(name.length + 1).fill(Number.POSITIVE_INFINITY) // quoted texts up to a place
  least[0] = 0
  for (let at = 0; at < name.length; at++) {
    if (least[at]! >= MOST_JOINED) continue
    if (at > 0 && name[at] === '/') least[at + 1] = Math.min(least[at + 1]!, least[at]!)
    for (let end = at + 1; end <= name.length; end++)
      if (quoted.has(name.slice(at, end))) least[end] = Math.min(least[end]!, least[at]! + 1)
  }
  return least[name.length]!
}

const HOLE = '\0'
/** A numbered parameter: '$1', '@1', '%1$s'. */
const NUMBERED = /(?<![\w\0$@%])(?:[$@]\0|%\0\$[a-z])/g
/** f"${n}" of Python and "${}" of Rust, where '$' is not part of the placeholder. */
const DOLLAR_BEFORE_BRACES = /\bf["'][^"'\n]*\$\{|"[^"\n]*\$\{\}/
/** ${n}, #{n}, $1 and $(n) inside of a word, also where no quotes are: in a shell, and in a text of several lines. */
const SURE = /[$#]\{(?:[^{}]|\{[^{}]*\})*\}|(?<=[\w./:@-])\$(?:\w+|\([^()]*\))/g
/** Within quotes also {n}, %s, %(n)s, %<n>s, \(n) and a $n at the beginning; and <n> and [n] as parts of an address. */
const QUOTED =
  /(?<=[/.:@-])(?:<[\w-]+>|\[[\w-]+\](?=[/.:@-]|$))|[$#%]?\{(?:[^{}]|\{[^{}]*\})*\}|[$\\]\([^()]*\)|\$\w+|%(?:\(\w+\)|<\w+>)?[-+#\d.]*[hlz]*[sdiuvxXofgeEcqpbtTr@]/g

function templatesOfLine(line: string): Template[] {
  const bare = line.replace(SURE, HOLE)
  const texts = [...(bare.includes(HOLE) ? bare.split(/["'`]/) : []), ...joined(line)]
  return texts
    .filter((text) => text.includes(HOLE))
    .flatMap((text) => [text, ...text.split(/\s+/).map((word) => trimEndOf(word, '.,:;')), ...text.split(MARKUP)])
    .map((text) => text.split(/\0+/))
}

/** Signs around an attribute of HTML or an address in brackets: '<tr id="', '[text](https://'. */
const MARKUP = /[\s"'`<>()\\]+/

/** The quoted texts of a line, alone and as they are put together by operators, with marks for what is filled in. */
function joined(line: string): string[] {
  const quotes = quotesOf(line)
  const alone = quotes.map(({ text }) => text.replace(QUOTED, HOLE))
  const chains: string[] = []
  let chain = ''
  for (const [i, text] of alone.entries()) {
    const before = line.slice(quotes[i - 1]?.end ?? 0, quotes[i]!.start).trim()
    const after = line.slice(quotes[i]!.end, quotes[i + 1]?.start).trim()
    if (chain === '' && OPERATORS.some((operator) => before.endsWith(operator) && before !== operator)) chain = HOLE
    chain += text
    const operator = OPERATORS.find((one) => after.startsWith(one))
    const goesOn = i + 1 < quotes.length && operator && after.endsWith(operator) && !/[,;=]/.test(after)
    if (operator && after !== operator) chain += HOLE
    if (goesOn) continue
    chains.push(chain)
    chain = ''
  }
  return [...alone, ...chains]
}

const OPERATORS = ['+', '..', '.', '<>'] // of most languages; of Lua, of PHP and Perl, of Elixir

interface Quote {
  readonly text: string
  /** Of the text with its quotes. */
  readonly start: number
  readonly end: number
}

function quotesOf(line: string): Quote[] {
  const quotes: Quote[] = []
  const unclosed = new Set<string>()
  for (let at = 0; at < line.length; at++) {
    const quote = line[at]!
    if (!'"\'`'.includes(quote) || unclosed.has(quote)) continue
    if (quote === "'" && /[A-Za-z]{2}$/.test(line.slice(Math.max(0, at - 2), at))) continue // don't
    let end = line.indexOf(quote, at + 1)
    while (end > 0 && line[end - 1] === '\\') end = line.indexOf(quote, end + 1)
    if (end < 0) unclosed.add(quote)
    else {
      quotes.push({ text: line.slice(at + 1, end), start: at, end: end + 1 })
      at = end
    }
  }
  return quotes
}

/** `${a}${b}`, `${a}.json` and `${a}/${b}.ts` make almost every name. */
function isTelling(template: Template): boolean {
  const fixed = template.join('')
  return template.length > 1 && fixed.length >= 4 && /[^-_./:\s]/.test(fixed.replace(/\.[a-z\d]{1,6}$/, ''))
}

/** True if the fixed parts stand in the name in order with something between them. What is filled in at an end is no path. */
function doesMake(template: Template, name: string): boolean {
  const [first, last] = [template[0]!, template.at(-1)!]
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  const to = name.length - last.length
  let at = first.length
  for (const [i, part] of template.entries()) {
    if (i === 0) continue
    const end = i === template.length - 1 ? to : name.indexOf(part, at + 1)
    const isAtEnd = (i === 1 && first === '') || (i === template.length - 1 && last === '')
    if (end <= at || end > to || !(isAtEnd ? SEGMENT : FILLING).test(name.slice(at, end))) return false
    at = end + part.length
  }
  return true
}

const FILLING = /^[^\s"'`()]+$/
const SEGMENT = /^[\p{L}\p{N}_.:-]+$/u
