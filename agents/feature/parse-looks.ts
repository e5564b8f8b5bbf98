import { hidePaths, quotePaths, revealPath } from './quoted-paths.ts'

export type Look =
  | {
      readonly kind: 'open'
      readonly path: string
      readonly symbol?: string
      readonly lines?: { readonly first: number; readonly last: number }
    }
  /** symbol: only what stands in that definition of the file `within`. */
  | { readonly kind: 'search'; readonly pattern: string; readonly within?: string; readonly symbol?: string }

type OpenLook = Extract<Look, { kind: 'open' }>

const PLACE = /(?<= in )"(?:[^"\\]|\\.)+"(?=$|#\S+$)/
const PARTS = /,\s+(?![^()]*\))|,(?=\d+-\d+(?:,|$))/ // not inside a signature: 'a.ts#f(x, y)'

/**
 * The looks that a line of a reply asks for, several apart by commas; none: it is no such line.
 *
 * listed: paths that a look may name by number, the first by 1; a number beyond them is read as a path. A path in double quotes is JSON.
 */
export function parseLooks(line: string, listed: readonly string[]): Look[] {
  const bare = line.replace(/^[-*] /, '').replace(/^`(.*)`$/, '$1')
  const named = (path: string) =>
    (/^\d+$/.test(path) && listed[Number(path) - 1]) || revealPath(path).replace(/^\.\//, '')
  const search = /^search (.+?)(?: in (\S+))?$/.exec(bare.replace(PLACE, hidePaths))
  if (search)
    return [
      {
        kind: 'search',
        pattern: search[1]!.replace(/^`(.*)`$/, '$1'),
        ...placeOf(search[2], named),
      },
    ]
  const open = /^open (\S.*)$/.exec(withoutTicks(hidePaths(bare)))
  if (!open) return []
  const looks: OpenLook[] = []
  const [what] = open[1]!.split(/\s[\s(]/, 1) // behind it stands a remark
  for (const part of what!.trimEnd().split(PARTS).filter(Boolean)) {
    const previous = looks.at(-1)
    const isSameFile = /^#./.test(part) || (previous?.lines && /^\d+-\d+$/.test(part))
    const whole = previous && isSameFile ? `${previous.path}${part.startsWith('#') ? '' : ':'}${part}` : part
    looks.push(parseOpen(whole))
  }
  return looks.map((look) => ({ ...look, path: named(look.path) }))
}

/** One that stands alone is part of a name. */
function withoutTicks(text: string): string {
  return text.replace(/`([^`]*)`/g, '$1').replace(/^`|`$/g, '')
}

function placeOf(what: string | undefined, named: (path: string) => string): { within?: string; symbol?: string } {
  const [path, ...symbol] = parted(what ?? '')
  if (!path) return {}
  return { within: named(path), ...(symbol.length > 0 ? { symbol: quotePaths(symbol.join('#')) } : {}) }
}

/** The path as it was written. */
function parseOpen(what: string): OpenLook {
  const span = /^(.+?):(\d+)(?:-(\d+))?$/.exec(what)
  if (span) return { kind: 'open', path: span[1]!, lines: { first: Number(span[2]), last: Number(span[3] ?? span[2]) } }
  const hash = what.indexOf('#')
  return hash > 0
    ? { kind: 'open', path: what.slice(0, hash), symbol: quotePaths(what.slice(hash + 1)) }
    : { kind: 'open', path: what }
}

/** 'a.ts#Name' at its marks, of a hidden path those behind it, or else those in it; 'docs/c#.md' is one path. */
export function parted(what: string): string[] {
  const parts = what.split('#')
  const plain = revealPath(what)
  if (plain !== what) return parts.length > 1 ? parts : parted(plain)
  return /^(.*\/)?[^#./]*#[^#/]*\.\w+$/.test(what) ? [what] : parts
}
