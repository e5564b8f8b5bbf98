import { realpath } from 'node:fs/promises'
import { basename, join, posix, relative, sep } from 'node:path'
import { safePath } from '../../src/edit/safe-path.ts'
import { MOST_SETTINGS, readRegularText } from '../../src/files/read-regular.ts'
import { type GrepOptions, type GrepResult, grep } from '../../src/repo/grep.ts'
import { parseJson } from '../../src/text/parse-json.ts'
import type { RepoPath } from '../../src/types.ts'

const PATH = /^((?:.*?\/)?)node_modules\/((?:@[^/]+\/)?[^/@][^/]*)(?:\/(.*?))?\/?$/
const TYPES = /\.d\.[cm]?ts$/
const TYPES_OF_CODE = /\.d\.ts$/ // not '.d.cts' and '.d.mts', which repeat the module in another format
const NO_OTHERS = ['*.d.ts', '*.d.mts', '*.d.cts', ':(exclude,glob)**/node_modules/**']
const LISTS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']
const DEEPEST = 6 // nested conditions of an export
const FILES = 2 // of a name that several files of a package define

/** Types of installed dependencies, read-only: '.d.ts' files of packages that a package.json of the repository names. */
export interface DependencyTypes {
  /** Text of a file of types; null: there is no readable one. */
  read(path: RepoPath): Promise<string | null>
  /** For a package's folder, its entry file of types; with a name, the files that define it. [] if this is no package folder. */
  filesOf(path: RepoPath, name?: string): Promise<readonly RepoPath[]>
  /** null: the path is in no such package. */
  search(
    pattern: string,
    path: RepoPath,
    options: Pick<GrepOptions, 'kind' | 'ignoreCase' | 'signal' | 'mostHits'>,
  ): Promise<GrepResult | null>
}

interface Package {
  /** 'node_modules/zod'. */
  readonly path: RepoPath
  /** The same with links resolved. */
  readonly folder: string
  /** Path below it, '' for the folder itself. */
  readonly rest: string
}

/** Message for a model that asks for more. */
export const ONLY_TYPES =
  'of what is installed only types can be seen: open node_modules/package, of a package that a package.json here names'

/** True for any path in a folder of installed packages, whether the package exists or not. */
export function isOfDependency(path: RepoPath): boolean {
  return /(^|\/)node_modules(\/|$)/.test(path)
}

/** root: of the working tree. Its folders of installed packages may be links. */
export function dependencyTypes(root: string, maxFileBytes: number): DependencyTypes {
  const packageOf = async (path: RepoPath): Promise<Package | null> => {
    const [, base = '', name, rest = ''] = PATH.exec(path) ?? []
    if (!name || rest.split('/').includes('..') || name.startsWith('.')) return null
    if (!(await isNamed(root, base, name))) return null
    const modules = await modulesIn(root, base)
    const top = await realpath(join(root, 'node_modules')).catch(() => null)
    const folder = modules && (await realpath(join(modules, name)).catch(() => null))
    // a package that a workspace links here belongs to the repository, and is listed at its own place
    const isInstalled = [modules, top].some((one) => one && basename(one) === 'node_modules' && isBelow(one, folder))
    return folder && isInstalled ? { path: `${base}node_modules/${name}`, folder, rest } : null
  }
  const readIn = async ({ folder }: Package, rest: string): Promise<string | null> => {
    if (!TYPES.test(rest)) return null
    const file = await realpath(join(folder, rest)).catch(() => null)
    if (file === null || !isBelow(folder, file)) return null
    return readRegularText(file, { maxBytes: maxFileBytes })
  }
  const read = async (path: RepoPath) => {
    const found = await packageOf(path)
    return found && (await readIn(found, found.rest))
  }
  const search: DependencyTypes['search'] = async (pattern, path, options) => {
    const found = await packageOf(path)
    if (found === null) return null
    const isFile = TYPES.test(found.rest)
    const below = found.rest === '' ? '' : `${found.rest}/`
    const within = isFile ? [`:(literal)${found.rest}`] : NO_OTHERS
    const result = await grep(found.folder, pattern, { ...options, within, isInstalled: true })
    if ('problem' in result) return result
    const paths = new Set(result.hits.map((hit) => hit.path))
    const isTwin = (file: string) => !TYPES_OF_CODE.test(file) && paths.has(file.replace(TYPES, '.d.ts'))
    const hits = result.hits.filter((hit) => isFile || (hit.path.startsWith(below) && !isTwin(hit.path)))
    return { ...result, hits: hits.map((hit) => ({ ...hit, path: `${found.path}/${hit.path}` })) }
  }
  return {
    read,
    search,
    async filesOf(path, name) {
      const found = await packageOf(path)
      if (found === null || TYPES.test(found.rest)) return []
      const entry = await entryOf(found, readIn)
      if (name === undefined) return entry
      const last = name.split('.')[0]!.replace(/[^\w$]/g, '')
      if (last === '') return entry
      const defines = `(class|interface|type|function|const|let|var|enum|namespace) +${last.replaceAll('$', '[$]')}[^A-Za-z0-9_$]`
      const result = await search(defines, found.path, { kind: 'expression' })
      const files = result && 'hits' in result ? [...new Set(result.hits.map((hit) => hit.path))] : []
      const near = await foldersBeside(entry)
      const isNear = (file: RepoPath) => near.some((folder) => file.startsWith(folder))
      const ranked = files.sort((a, b) => Number(isNear(b)) - Number(isNear(a)) || a.length - b.length)
      const defining: RepoPath[] = []
      for (const file of ranked) if (defining.length < FILES && (await read(file)) !== null) defining.push(file)
      return defining.length > 0 ? defining : entry
    },
  }

  /** Folders from which the entry file imports: a package may also contain an older version of itself. */
  async function foldersBeside(entry: readonly RepoPath[]): Promise<readonly RepoPath[]> {
    const [first] = entry
    const text = (first && (await read(first))) || ''
    const specifiers = [...text.matchAll(/["'](\.{1,2}\/[^"']+)["']/g)].map((match) => match[1]!)
    return specifiers.map((one) => posix.dirname(posix.join(posix.dirname(first!), one))).map((folder) => `${folder}/`)
  }

  /** As TypeScript resolves it; else the package of types by others. */
  async function entryOf(found: Package, readFile: typeof readIn): Promise<readonly RepoPath[]> {
    const own = jsonIn(join(found.folder, 'package.json'))
    const written = [own.types, own.typings, typesOf(own.exports), typesOf(own.main), 'index.d.ts'].flatMap((one) =>
      typeof one === 'string' ? [posix.normalize(one)] : [],
    )
    for (const file of found.rest === '' ? written : [`${found.rest}/index.d.ts`, `${found.rest}.d.ts`])
      if ((await readFile(found, file)) !== null) return [`${found.path}/${file}`]
    const base = found.path.slice(0, found.path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const name = found.path.slice(base.length)
    if (name.startsWith('@types/')) return []
    const typed = await packageOf(`${base}@types/${name.replace(/^@/, '').replace('/', '__')}`)
    return typed && (await readFile(typed, 'index.d.ts')) !== null ? [`${typed.path}/index.d.ts`] : []
  }
}

/**
 * The folder of packages at `base`, links resolved; null: this repository has none there. A link out of the repository may come from it or from
 * a check, and lead to another project. So it counts only if the path of its target ends in the same way, like an agent's link to the
 * user's folder. At the top, any node_modules counts.
 */
async function modulesIn(root: string, base: string): Promise<string | null> {
  const [top, above, modules] = await Promise.all(
    [root, join(root, base), join(root, base, 'node_modules')].map((path) => realpath(path).catch(() => null)),
  )
  if (!top || !above || !modules || base.split('/').includes('..')) return null
  const isWithin = above === top || isBelow(top, above)
  const isSamePlace = modules.endsWith(join(sep, base, 'node_modules'))
  return isWithin && (isSamePlace || isBelow(top, modules)) ? modules : null
}

/**
 * Whether the package.json beside the folder, or the one at the top, names the package, or for types by others the package that they
 * describe.
 */
async function isNamed(root: string, base: string, name: string): Promise<boolean> {
  const [, scoped, plain] = /^@types\/(?:(.+)__)?(.+)$/.exec(name) ?? []
  const meant = [name, ...(plain ? [scoped ? `@${scoped}/${plain}` : plain] : [])]
  for (const manifest of new Set([`${base}package.json`, 'package.json'])) {
    const safe = await safePath(root, manifest)
    if ('problem' in safe || safe.file === null) continue
    const own = jsonIn(safe.absolute)
    if (LISTS.some((list) => meant.some((one) => Object.hasOwn(Object(own[list]), one)))) return true
  }
  return false
}

function jsonIn(file: string): Readonly<Record<string, unknown>> {
  try {
    return Object(parseJson(readRegularText(file, { maxBytes: MOST_SETTINGS }) ?? '{}'))
  } catch {
    return {} // it has nothing usable
  }
}

/** The first path of types in a manifest entry; for 'lib/a.js', the types beside it. */
function typesOf(entry: unknown, deep = 0): string | undefined {
  if (typeof entry === 'string') return TYPES.test(entry) ? entry : entry.replace(/\.([cm]?)js$/, '.d.$1ts')
  if (typeof entry !== 'object' || entry === null || deep > DEEPEST) return undefined
  const of = entry as Readonly<Record<string, unknown>>
  for (const key of ['.', 'types', 'import', 'node', 'require', 'default']) {
    const found = Object.hasOwn(of, key) ? typesOf(of[key], deep + 1) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function isBelow(folder: string, path: string | null): boolean {
  if (path === null) return false
  const inside = relative(folder, path)
  return inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && join(folder, inside) === path
}
