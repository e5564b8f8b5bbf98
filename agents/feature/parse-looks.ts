import { hidePaths, quotePaths, revealPath } from './quoted-paths.ts'

export type Look =
  | {
      readonly kind: 'open'
      readonly path: string
      readonly symbol?: string
      readonly lines?: { readonly first: number; readonly last: number }
    }
  /**
   * places: where to search; absent: everywhere. Words after an ' in ' of the pattern may be read as places by mistake: see
   * wholePattern.
   */
  | { readonly kind: 'search'; readonly pattern: string; readonly places?: readonly SearchPlace[] }

/** A file or folder, as a git pathspec. symbol: only that definition of the file. */
export interface SearchPlace {
  readonly path: string
  readonly symbol?: string
}

export type SearchLook = Extract<Look, { kind: 'search' }>
type OpenLook = Extract<Look, { kind: 'open' }>

const PLACE = /(?<= in )"(?:[^"\\]|\\.)+"(?=$|#\S+$)/
const MOST_PLACES = 12
const COMMA = '\ue02c' // stands for a comma that separates nothing
const PARTS = /,\s+(?!\s)(?![^()]{0,1000}\))|,(?=\d+-\d+(?:,|$))/ // not inside a signature: 'a.ts#f(x, y)'

/**
 * The looks that a line of a reply asks for, separated by commas; none if it is no such line.
 *
 * listed: paths that a look may name by number, from 1. A number beyond them is read as a path. A path in double quotes is JSON.
 */
export function parseLooks(line: string, listed: readonly string[]): Look[] {
  const bare = line.replace(/^[-*] /, '').replace(/^`(.*)`$/, '$1')
  const named = (path: string) =>
    (/^\d+$/.test(path) && listed[Number(path) - 1]) || revealPath(path).replace(/^\.\//, '')
  const search = /^search (.+)$/.exec(bare.replace(PLACE, hidePaths))
  if (search) return [parseSearch(search[1]!, named)]
  const folder = /^(?:list|ls) (\S*[/.]\S*|\d+)$/.exec(bare)
  const open = folder ?? /^open (\S.*)$/.exec(withoutTicks(hidePaths(bare)))
  if (!open) return []
  const looks: OpenLook[] = []
  const [what] = open[1]!.split(/\s[\s(]/, 1) // a remark follows
  for (const cut of quotedCommas(what!.trimEnd()).split(PARTS).filter(Boolean)) {
    const part = cut.replaceAll(COMMA, ',')
    const previous = looks.at(-1)
    const isSameFile = /^#./.test(part) || (previous?.lines && /^\d+-\d+$/.test(part))
    const whole =
      previous && isSameFile
        ? `${previous.path}${/^#(?!#)/.test(part) ? '' : part.startsWith('#') ? '#' : ':'}${part}`
        : part
    looks.push(parseOpen(whole))
  }
  return looks.map((look) => ({ ...look, path: named(look.path) }))
}

/** A comma in the quoted name of a test is part of the name: a.ts#'adds, and takes away'. */
function quotedCommas(text: string): string {
  return text.replace(/#'[^']*'/g, (name) => name.replaceAll(',', COMMA))
}

/** A quote that stands alone is part of a name. */
function withoutTicks(text: string): string {
  return text.replace(/`([^`]*)`/g, '$1').replace(/^`|`$/g, '')
}

/** Options that models add as if they called grep; of these only -i means anything here. */
const GREP_OPTIONS = /^(?:-(?:i|[nErH]+|[ABC] ?\d+) )+/

/** 'x in src test', or 'x -- src test': everything after the last ' in ' is places, if it looks like paths. */
function parseSearch(given: string, named: (path: string) => string): SearchLook {
  const options = GREP_OPTIONS.exec(given)?.[0] ?? ''
  const what = `${/-i /.test(options) ? '(?i)' : ''}${given.slice(options.length).replace(/ -- (?=\S)/, ' in ')}`
  const parts = /^(.+) in (\S.*)$/.exec(what)
  const places = parts ? placesOf(parts[2]!) : []
  const pattern = (text: string) => text.replace(/^((?:\(\?i\))?)`(.*)`$/, '$1$2')
  if (places.length === 0 || places.length > MOST_PLACES) return { kind: 'search', pattern: pattern(what) }
  return {
    kind: 'search',
    pattern: pattern(parts![1]!),
    places: places.map((place) => {
      const [path, ...symbol] = parted(place)
      return { path: named(path!), ...(symbol.length > 0 ? { symbol: quotePaths(symbol.join('#')) } : {}) }
    }),
  }
}

/** Separated by blanks or commas; the name of a heading, after its '#', may contain them. */
function placesOf(text: string): string[] {
  const places: string[] = []
  for (const word of text.split(/,?\s+/)) {
    const last = places.at(-1)
    if (last?.includes('#') && !/[/.]/.test(word)) places[places.length - 1] = `${last} ${word}`
    else if (!/^(and|or|,)$/.test(word)) places.push(word.replace(/^`(.*)`$/, '$1').replace(/,$/, ''))
  }
  return places.filter(Boolean)
}

/** The pattern together with the words that were read as places. */
export function wholePattern({ pattern, places = [] }: SearchLook): string {
  return places.length > 0 ? `${pattern} in ${places.map(placeName).join(' ')}` : pattern
}

export function placeName({ path, symbol }: SearchPlace): string {
  return symbol ? `${path}#${symbol}` : path
}

/** The path as written. */
function parseOpen(what: string): OpenLook {
  const span = /^(.+?):(\d+)(?:-(\d+))?$/.exec(what)
  if (span) return { kind: 'open', path: span[1]!, lines: { first: Number(span[2]), last: Number(span[3] ?? span[2]) } }
  const hash = what.indexOf('#')
  return hash > 0
    ? { kind: 'open', path: what.slice(0, hash), symbol: quotePaths(what.slice(hash + 1)) }
    : { kind: 'open', path: what }
}

/** Splits 'a.ts#Name' at a '#': after a hidden path, else inside it. 'docs/c#.md' is one path. */
export function parted(what: string): string[] {
  const parts = what.split('#')
  const plain = revealPath(what)
  if (plain !== what) return parts.length > 1 ? parts : parted(plain)
  return /^(.*\/)?[^#./]*#[^#/]*\.\w+$/.test(what) ? [what] : parts
}
