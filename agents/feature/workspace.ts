import { readFile } from 'node:fs/promises'
import { safePath } from '../../src/edit/safe-path.ts'
import { languageOfPath } from '../../src/parse/languages/index.ts'
import { parseSource, syntaxErrors } from '../../src/parse/parse-source.ts'
import { GitError, git, splitNul } from '../../src/repo/git.ts'
import type { CodeSymbol, Lines, ParsedSource, RepoPath } from '../../src/types.ts'

const MOST_HITS = 40
const HIT_WIDTH = 160
const TOP = 60 // lines; imports further down are local
const FEW_HITS = 10 // so few are shown with the lines around: a second look costs more
const AROUND = 3
const LONG_LINE = 300

/** The agent's own working tree, read the way an agent needs it: by definition, by lines, by pattern. Never outside its root. */
export interface Workspace {
  readonly root: string
  /** Text of a file, without a byte order mark; null when there is no such text file. */
  read(path: RepoPath): Promise<string | null>
  /** Definitions in a text, as it stands now. */
  symbols(path: RepoPath, text: string): readonly CodeSymbol[]
  /** Lines from the first to the last import near the top of a text; null where there is none. */
  imports(path: RepoPath, text: string): Lines | null
  syntaxErrors(path: RepoPath, text: string): readonly Lines[]
  /** Of these paths, those that git would ignore: a new file there would never be in the diff. */
  ignored(paths: readonly RepoPath[]): Promise<readonly RepoPath[]>
  /**
   * Lines that match an extended regular expression (or the words themselves, where it is not one), grouped by file. A few
   * matches come with the lines around them, enough to edit there: `paths` are then the files so shown.
   */
  search(pattern: string, within?: string): Promise<{ readonly text: string; readonly paths: readonly RepoPath[] }>
}

export function openWorkspace(root: string): Workspace {
  const parsed = new Map<RepoPath, { readonly text: string; readonly source: ParsedSource }>()
  const parse = (path: RepoPath, text: string): ParsedSource | null => {
    const language = languageOfPath(path)
    if (!language) return null
    const known = parsed.get(path)
    if (known?.text === text) return known.source
    const source = parseSource(text, language)
    parsed.set(path, { text, source })
    return source
  }
  return {
    root,
    async read(path) {
      const safe = await safePath(root, path)
      if ('problem' in safe || safe.file === null) return null // outside, a folder, or not there: to the agent all the same
      const bytes = await readFile(safe.absolute)
      return bytes.subarray(0, 8000).includes(0) ? null : bytes.toString('utf8').replace(/^\uFEFF/, '')
    },
    symbols(path, text) {
      return parse(path, text)?.symbols ?? []
    },
    imports(path, text) {
      const uses = parse(path, text)?.references ?? []
      const rows = uses.filter((use) => use.kind === 'import' && use.line <= TOP).map((use) => use.line)
      if (rows.length === 0) return null
      return { first: Math.min(...rows), last: closeBracket(text.split(/\r?\n/), Math.max(...rows)) }
    },
    syntaxErrors(path, text) {
      const language = languageOfPath(path)
      return language ? syntaxErrors(text, language) : []
    },
    async ignored(paths) {
      if (paths.length === 0) return []
      const output = await git(root, ['check-ignore', '-z', '--', ...paths]).catch((error: unknown) => {
        if (error instanceof GitError) return '' // 1: none is; 128: a path outside, which the edit itself refuses
        throw error
      })
      return splitNul(output)
    },
    async search(wanted, within) {
      const pattern = wanted.replace(/^\(\?i\)/, '')
      const anyCase = pattern === wanted ? [] : ['--ignore-case']
      const scope = within ? ['--', within] : []
      const grep = (kind: '-E' | '-F', ...more: string[]) =>
        git(root, ['grep', '-n', '-I', '--untracked', ...anyCase, ...more, kind, '-e', pattern, ...scope])
      let kind: '-E' | '-F' = '-E'
      const found = await grep('-E').catch((error: unknown) => {
        if (!(error instanceof GitError)) throw error
        if (error.exitCode === 1) return ''
        kind = '-F'
        return grep('-F').catch(() => '')
      })
      const hits = found.split('\n').filter(Boolean)
      if (hits.length === 0) return { text: '(no match)', paths: [] }
      if (hits.length > FEW_HITS) return { text: grouped(hits), paths: [] }
      const around = (await grep(kind, `--context=${AROUND}`, '--heading', '--break')).trimEnd()
      const paths = [...new Set(hits.map((hit) => hit.slice(0, hit.indexOf(':'))))]
      return {
        text: around
          .split('\n')
          .map((line) => cut(line, LONG_LINE))
          .join('\n'),
        paths,
      }
    },
  }
}

function grouped(hits: readonly string[]): string {
  const shown: string[] = []
  let path = ''
  for (const hit of hits.slice(0, MOST_HITS)) {
    const [, file, number, text] = /^(.*?):(\d+):(.*)$/.exec(hit) ?? ['', '', '', hit]
    if (file !== path) shown.push(file!)
    path = file!
    shown.push(`  ${number}: ${cut(text!.trim(), HIT_WIDTH)}`)
  }
  if (hits.length > MOST_HITS) shown.push(`(${hits.length - MOST_HITS} more lines match: narrow the search)`)
  return shown.join('\n')
}

function cut(line: string, most: number): string {
  return line.length > most ? `${line.slice(0, most)} [cut]` : line
}

/** The line on which a bracket that is open on `line` is closed, a few lines on at most; `line` itself where none is. */
function closeBracket(lines: readonly string[], line: number): number {
  if (!/[({][^)}]*$/.test(lines[line - 1] ?? '')) return line
  const end = lines.slice(line, line + 12).findIndex((text) => /[)}]/.test(text))
  return end < 0 ? line : line + end + 1
}
