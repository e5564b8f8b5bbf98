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

const PARTS = /,\s+(?![^()]*\))|,(?=\d+-\d+(?:,|$))/ // not inside a signature: 'a.ts#f(x, y)'

/**
 * The looks that a line of a reply asks for, several apart by commas; none: it is no such line.
 *
 * listed: paths that a look may name by number, the first by 1; a number beyond them is read as a path.
 */
export function parseLooks(line: string, listed: readonly string[]): Look[] {
  const bare = line.replace(/^[-*] /, '').replace(/^`(.*)`$/, '$1')
  const named = (path: string) => (/^\d+$/.test(path) && listed[Number(path) - 1]) || path.replace(/^\.\//, '')
  const search = /^search (.+?)(?: in (\S+))?$/.exec(bare)
  if (search)
    return [
      {
        kind: 'search',
        pattern: search[1]!.replace(/^`(.*)`$/, '$1'),
        ...placeOf(search[2], named),
      },
    ]
  const open = /^open (\S.*?)(?:\s{2,}.*|\s+\(.*)?$/.exec(bare.replace(/`/g, ''))
  if (!open) return []
  const looks: OpenLook[] = []
  for (const part of open[1]!.split(PARTS).filter(Boolean)) {
    const previous = looks.at(-1)
    const isSameFile = /^#./.test(part) || (previous?.lines && /^\d+-\d+$/.test(part))
    const whole = previous && isSameFile ? `${previous.path}${part.startsWith('#') ? '' : ':'}${part}` : part
    looks.push(parseOpen(whole, named))
  }
  return looks
}

function placeOf(what: string | undefined, named: (path: string) => string): { within?: string; symbol?: string } {
  const [path, ...symbol] = parted(what ?? '')
  if (!path) return {}
  return { within: named(path), ...(symbol.length > 0 ? { symbol: symbol.join('#') } : {}) }
}

function parseOpen(what: string, named: (path: string) => string): OpenLook {
  const span = /^(.+?):(\d+)(?:-(\d+))?$/.exec(what)
  if (span)
    return { kind: 'open', path: named(span[1]!), lines: { first: Number(span[2]), last: Number(span[3] ?? span[2]) } }
  const hash = what.indexOf('#')
  return hash > 0
    ? { kind: 'open', path: named(what.slice(0, hash)), symbol: what.slice(hash + 1) }
    : { kind: 'open', path: named(what) }
}

/** 'a.ts#Name' at its marks; 'docs/c#.md' is one path. */
export function parted(what: string): string[] {
  return /^(.*\/)?[^#./]*#[^#/]*\.\w+$/.test(what) ? [what] : what.split('#')
}
