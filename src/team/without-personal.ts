const ADDRESS = /[\w.+-]{1,100}@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/gi // 'zod@4.6.7' is none
const NOT_WITHIN = String.raw`(?<![\w./\\-])` // 'src/home/page.ts' is no path of this machine
const REST = String.raw`[^\s'"\`),;:\]}]*`
const HOME = new RegExp(
  String.raw`${NOT_WITHIN}(?:/(?:home|Users)/\w${REST}|/root/\w${REST}|[A-Za-z]:[\\/]+Users[\\/]${REST})`,
  'g',
)

/** What a row must not tell of who wrote it: replaced wherever it stands. */
export interface Personal {
  /** Absolute paths of this machine. */
  readonly paths: readonly string[]
  /** Full names and addresses of the user. */
  readonly names: readonly string[]
}

/** A JSON value without e-mail addresses, paths of home folders, and what `personal` lists. */
export function withoutPersonal<T>(value: T, personal: Personal): T {
  const paths = personal.paths
    .filter(({ length }) => length > 1)
    .map((path) => new RegExp(String.raw`${NOT_WITHIN}${escaped(path)}(?![\w.-])(?:[/\\]${REST})?`, 'g'))
  const names = personal.names.filter(({ length }) => length > 3)
  const clean = (text: string): string => {
    let rest = text
    for (const path of paths) rest = rest.replace(path, '[path left out]')
    for (const name of names) rest = rest.replaceAll(name, '[name left out]')
    return rest.replace(ADDRESS, '[address left out]').replace(HOME, '[path left out]')
  }
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return clean(one)
    if (Array.isArray(one)) return one.map(walk)
    if (one === null || typeof one !== 'object') return one
    return Object.fromEntries(Object.entries(one).map(([key, inside]) => [key, walk(inside)]))
  }
  return walk(value) as T
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
