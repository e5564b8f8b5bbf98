import { readFile } from 'node:fs/promises'
import { DEFAULTS } from '../../src/config/defaults.ts'
import { editPermission, type Permission } from '../../src/edit/permission.ts'
import { safePath } from '../../src/edit/safe-path.ts'
import { similarFiles } from '../../src/edit/similar-files.ts'
import { languageOfPath } from '../../src/parse/languages/index.ts'
import { parseAside, syntaxErrorsAside } from '../../src/parse/parse-aside.ts'
import { shownPath } from '../../src/paths.ts'
import { git, splitNul } from '../../src/repo/git.ts'
import { type GrepHit, type GrepResult, grep } from '../../src/repo/grep.ts'
import { ignoredPaths } from '../../src/repo/ignored-paths.ts'
import { visibleHits } from '../../src/repo/visible-hits.ts'
import { type SecretKeeper, secretKeeper } from '../../src/secrets/secret-keeper.ts'
import type { CodeSymbol, Lines, ParsedSource, RepoPath } from '../../src/types.ts'
import { type DependencyTypes, dependencyTypes, isOfDependency } from './dependency-types.ts'
import { describeFolder } from './folder-entries.ts'
import { mostScanned, scannable, scanned, textWithSecrets } from './text-with-secrets.ts'

const MOST_GAP = 60 // lines from one import to the next; after a larger gap, imports are local

const ASK_MS = 10_000 // for look-ups of paths that a model wrote: a pattern in one may run for ever

export type SearchHit = GrepHit

export interface Found {
  readonly hits: readonly SearchHit[]
  /** Why the results may be incomplete, or why nothing was searched, in words for the model. */
  readonly remark: string | null
}

/** The agent's own working tree, read by definition, by lines or by pattern. Never outside its root. */
export interface Workspace {
  readonly root: string
  /** Filter for all text that goes to a model. */
  readonly secrets: SecretKeeper
  /** Which protected paths may be changed. */
  readonly permission: Permission
  /** Larger files are neither shown nor edited. */
  readonly maxFileBytes: number
  readonly signal: AbortSignal | undefined
  /**
   * Text of a file as a model may see it: without secrets (each line keeps its number) and without a byte order mark. null if there is
   * no such text file, or it is too large. The text with its secrets cannot be read here: only src/edit uses it.
   */
  read(path: RepoPath): Promise<string | null>
  /** Why read() returned null, in words for the model. */
  whyUnread(path: RepoPath): Promise<string>
  /** The lines of a file's text as a model may see them. */
  visible(path: RepoPath, text: string): Promise<readonly string[]>
  /** Those of these paths at which git knows a file, or a file in this folder. Usually one git process. */
  existing(paths: readonly RepoPath[]): Promise<ReadonlySet<RepoPath>>
  /** Definitions in a text, in its present state. */
  symbols(path: RepoPath, text: string): Promise<readonly CodeSymbol[]>
  /** Lines from the first to the last import near the top of a text; null without imports. */
  imports(path: RepoPath, text: string): Promise<Lines | null>
  syntaxErrors(path: RepoPath, text: string): Promise<readonly Lines[]>
  /** Those of these paths that git would ignore: a new file there would never be in the diff. */
  ignored(paths: readonly RepoPath[]): Promise<readonly RepoPath[]>
  /** Those of these paths at which the user has something that is not in the working tree. */
  taken(paths: readonly RepoPath[]): Promise<readonly RepoPath[]>
  /** Removes what git ignores. */
  removeIgnored(): Promise<void>
  /**
   * Lines that match an extended regular expression (a literal text, if it is not valid), by file and line. within: files, folders,
   * path patterns; none: everywhere.
   */
  search(pattern: string, within?: readonly string[]): Promise<Found>
  /** Paths of files that git knows and that start so. */
  beginningWith(path: string): Promise<readonly RepoPath[]>
  /** Contents of a folder, as a model reads it; null: not a folder. */
  folder(path: string): Promise<string | null>
  /** Types of installed packages, read-only. */
  readonly types: DependencyTypes
}

export interface WorkspaceOptions {
  readonly permission?: Permission
  readonly maxFileBytes?: number
  readonly taken?: Workspace['taken']
  readonly removeIgnored?: Workspace['removeIgnored']
  readonly signal?: AbortSignal
  /** A search takes no longer. */
  readonly searchMs?: number
}

export function openWorkspace(
  root: string,
  secrets: SecretKeeper = secretKeeper(),
  {
    permission = editPermission({ request: null, allowed: [] }),
    maxFileBytes = DEFAULTS.maxFileBytes,
    taken = async () => [],
    removeIgnored = async () => {},
    signal,
    searchMs: timeoutMs,
  }: WorkspaceOptions = {},
): Workspace {
  const parsed = new Map<RepoPath, { readonly text: string; readonly source: ParsedSource }>()
  const parse = async (path: RepoPath, text: string): Promise<ParsedSource | null> => {
    const language = languageOfPath(path)
    if (!language) return null
    const known = parsed.get(path)
    if (known?.text === text) return known.source
    const source = await parseAside(text, language, signal)
    parsed.set(path, { text, source })
    return source
  }
  /** The path of an existing file is literal; anything else may be a pattern. */
  const pathspec = async (within: string) => {
    const safe = await safePath(root, within)
    return 'problem' in safe || safe.file === null ? within : `:(literal)${safe.path}`
  }
  /** The files that git knows and that match any of these; null: git refuses one of them. */
  const knownBelow = (pathspecs: readonly string[]) =>
    git(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...pathspecs], {
      ...{ timeoutMs: ASK_MS, signal },
    }).then(splitNul, () => null)
  const isInstalled = async (path: RepoPath) =>
    isOfDependency(path) && ((await types.read(path)) !== null || (await types.filesOf(path)).length > 0)
  const sayLike = async (path: string) => {
    const like = 'problem' in (await safePath(root, path)) ? [] : await similarFiles(root, path)
    return like.length > 0 ? `; did you mean ${like.map(shownPath).join(' or ')}?` : ''
  }
  const types = dependencyTypes(root, maxFileBytes)
  const allTypes = dependencyTypes(root, mostScanned(maxFileBytes))
  const textOf = async (path: RepoPath) => {
    const text = isOfDependency(path) ? await allTypes.read(path) : null
    return text === null ? textWithSecrets(root, path, secrets, maxFileBytes) : scanned(path, text, secrets)
  }
  const findIn = (pattern: string, kind: 'text' | 'expression', ignoreCase: boolean, within: readonly string[]) =>
    visibleHits(
      pattern,
      { kind, ignoreCase, signal, ...(timeoutMs && { timeoutMs }) },
      (mostHits) => findAllIn(pattern, kind, ignoreCase, within, mostHits),
      textOf,
    )
  /** Also matches of what is not shown. */
  const findAllIn = async (
    pattern: string,
    kind: 'text' | 'expression',
    ignoreCase: boolean,
    within: readonly string[],
    mostHits: number,
  ): Promise<GrepResult> => {
    const [installed, own] = [within.filter(isOfDependency), within.filter((path) => !isOfDependency(path))]
    const results = await Promise.all([
      ...(own.length > 0 || installed.length === 0
        ? [
            grep(root, pattern, {
              kind,
              ignoreCase,
              within: await Promise.all(own.map(pathspec)),
              signal,
              timeoutMs,
              mostHits,
              counts: scannable(root, maxFileBytes),
            }),
          ]
        : []),
      ...installed.map(
        async (path) =>
          (await types.search(pattern, path, { kind, ignoreCase, signal, mostHits })) ??
          grep(root, pattern, { kind, ignoreCase, within: [await pathspec(path)], signal, timeoutMs, mostHits }),
      ),
    ])
    const problem = results.find((one) => 'problem' in one)
    if (problem) return problem
    const found = results.filter((one) => 'hits' in one)
    return { hits: found.flatMap(({ hits }) => hits), stopped: found.find(({ stopped }) => stopped)?.stopped ?? null }
  }
  return {
    root,
    secrets,
    permission,
    maxFileBytes,
    signal,
    taken,
    removeIgnored,
    types,
    async beginningWith(path) {
      const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', `:(glob)${escaped(path)}*`]
      const below = [...args.slice(0, -1), `:(glob)${escaped(path)}*/**`]
      const listed = await Promise.all(
        [args, below].map((one) => git(root, one, { timeoutMs: ASK_MS, signal }).catch(() => '')),
      )
      return [...new Set(listed.flatMap(splitNul))]
    },
    folder: (path) => describeFolder(root, path, signal),
    async read(path) {
      if (isOfDependency(path)) {
        const text = await types.read(path)
        if (text !== null) return secrets.mask(path, text)
      }
      const safe = await safePath(root, path)
      if ('problem' in safe || safe.file === null) return null // outside, a folder, or missing: the same for the agent
      if (safe.file.bytes > maxFileBytes) return null
      const bytes = await readFile(safe.absolute)
      if (bytes.subarray(0, 8000).includes(0)) return null
      return secrets.mask(safe.path, bytes.toString('utf8').replace(/^\uFEFF/, ''))
    },
    async whyUnread(path) {
      const safe = await safePath(root, path)
      const bytes = 'problem' in safe ? 0 : (safe.file?.bytes ?? 0)
      if (bytes === 0) return `there is no text file ${shownPath(path)}${await sayLike(path)}`
      return bytes > maxFileBytes
        ? `${shownPath(path)} has ${bytes} bytes: a file of more than ${maxFileBytes} is not shown`
        : `there is no text file ${shownPath(path)}`
    },
    async visible(path, text) {
      return (await secrets.mask(path, text)).split(/\r?\n/)
    },
    async existing(paths) {
      const found = new Set<RepoPath>()
      const own: RepoPath[] = []
      for (const path of paths)
        if (await isInstalled(path)) found.add(path)
        else own.push(path)
      const plain = own.filter(isPlainPath)
      const literal = (path: RepoPath) => `:(literal)${path}`
      const together = plain.length > 0 ? await knownBelow(plain.map(literal)) : []
      for (const path of plain) {
        const listed = together ?? (await knownBelow([literal(path)])) ?? []
        if (listed.some((file) => file === path || file.startsWith(path.endsWith('/') ? path : `${path}/`)))
          found.add(path)
      }
      for (const path of own.filter((one) => !isPlainPath(one)))
        if ((await knownBelow([await pathspec(path)]))?.length) found.add(path)
      return found
    },
    async symbols(path, text) {
      return (await parse(path, text))?.symbols ?? []
    },
    async imports(path, text) {
      const uses = (await parse(path, text))?.references ?? []
      const rows = uses.filter((use) => use.kind === 'import').map((use) => use.line)
      let last = 0
      for (const row of rows.sort((a, b) => a - b)) if (row <= last + MOST_GAP) last = row
      if (last === 0) return null
      return { first: rows[0]!, last: closeBracket(text.split(/\r?\n/), last) }
    },
    async syntaxErrors(path, text) {
      const language = languageOfPath(path)
      if (!language) return []
      return syntaxErrorsAside(text, language, signal)
    },
    async ignored(paths) {
      return [...(await ignoredPaths(root, paths)).keys()]
    },
    async search(wanted, within = []) {
      const plain = wanted.replace(/^\(\?i\)/, '')
      const ignoreCase = plain !== wanted
      // manual pages write '--dry\-run'
      const pattern = asExtended(plain.includes('[') ? plain : plain.replace(/(?<=\w)-(?=\w)/g, '[\\]?-'))
      const byExpression = await findIn(pattern, 'expression', ignoreCase, within)
      if ('hits' in byExpression && (byExpression.hits.length > 0 || byExpression.stopped || !/[^\w\s]/.test(plain)))
        return { hits: byExpression.hits, remark: byExpression.stopped }
      const byText = await findIn(plain, 'text', ignoreCase, within)
      if ('problem' in byText) return { hits: [], remark: byText.problem }
      const isFound = byText.hits.length > 0 || 'hits' in byExpression
      return {
        hits: byText.hits,
        remark: isFound ? byText.stopped : `not searched as an expression: ${byExpression.problem}`,
      }
    },
  }
}

/** Whether a path means itself to git: no pattern, and no way around. */
function isPlainPath(path: string): boolean {
  const parts = path.replace(/\/$/, '').split('/')
  return !/[:*?[\]\\\0]/.test(path) && parts.every((part) => part !== '' && part !== '.' && part !== '..')
}

/** A git pathspec for a literal text. */
function escaped(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&')
}

/** Translates what Perl's expressions write in another way than extended ones. */
function asExtended(pattern: string): string {
  return pattern.replace(/\[\^?\]?[^\]]*\]|\\d|\(\?:|(?<!\\)[*+]\?/g, (part) =>
    part.startsWith('[') ? part : part === '\\d' ? '[0-9]' : part[0]!,
  )
}

function lastOf(characters: string, text: string): number {
  return Math.max(...[...characters].map((one) => text.lastIndexOf(one)))
}

/** The line that closes a bracket opened on `line`, at most a few lines later; `line` itself without one. */
function closeBracket(lines: readonly string[], line: number): number {
  const text = lines[line - 1] ?? ''
  if (lastOf('({', text) <= lastOf(')}', text)) return line
  const end = lines.slice(line, line + 12).findIndex((text) => /[)}]/.test(text))
  return end < 0 ? line : line + end + 1
}
