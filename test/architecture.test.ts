import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../src/assets.ts'

const STAGES = [
  'repo',
  'parse',
  'graph',
  'history',
  'summary',
  'store',
  'recipes',
  'retrieve',
  'edit',
  'verify',
  'llm',
  'trust',
  'backlog',
  'companions',
  'hooks',
  'ci',
  'fleet',
]
const JOINING = ['indexing', 'pack', 'review', 'loop', 'checks', 'exports', 'backtest', 'daemon', 'team'] // each may use those before it
const AGENTS = ['feature', 'night', 'sleep', 'served', 'library', 'mcp', 'plain', 'ci', 'fleet', 'team', 'training'] // as JOINING
// what every stage speaks of: the files of src itself, and these folders
const BASE = ['config', 'files', 'network', 'processes', 'request', 'secrets', 'text', 'tokens']

/** Imports between layers that are wanted although the direction forbids them, each with its reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'history -> repo': 'the log is read through the one door to git',
  'recipes -> store': 'the type Store: a stage may be given it',
  'retrieve -> store': 'the type Store: a stage may be given it',
  'summary -> store': 'the type Store, and the shape of its rows',
}

const TYPES_ALONE = new Set(['recipes -> store', 'retrieve -> store', 'summary -> store'])

test('imports point from bin and bench to agents to stages to base, and stages do not know each other', () => {
  const wrong = sources()
    .flatMap((file) => importsOf(file).map((to) => [file, to] as const))
    .filter(([from, to]) => !isAllowed(layerOf(from), layerOf(to)))
    .map(([from, to]) => `${from} -> ${to}`)
  expect(wrong).toEqual([])
})

test('where types alone are allowed, no value is imported', () => {
  const wrong = sources().flatMap((file) =>
    importsIn(file)
      .filter(({ to, isType }) => !isType && TYPES_ALONE.has(`${layerOf(file)} -> ${layerOf(to)}`))
      .map(({ to }) => `${file} -> ${to}`),
  )
  expect(wrong).toEqual([])
})

test('every exception is still needed', () => {
  const used = new Set(sources().flatMap((file) => importsOf(file).map((to) => `${layerOf(file)} -> ${layerOf(to)}`)))
  expect(Object.keys(EXCEPTIONS).filter((edge) => !used.has(edge))).toEqual([])
})

test('git, better-sqlite3, tree-sitter and openai each stand behind one door', () => {
  const doors: Record<string, string> = {
    'better-sqlite3': 'src/store/',
    'tree-sitter': 'src/parse/',
    openai: 'src/llm/',
  }
  for (const [library, door] of Object.entries(doors)) {
    const users = sources().filter((file) => new RegExp(`(from|import\\() ?'${library}(/[^']*)?'`).test(read(file)))
    expect(users.filter((file) => !file.startsWith(door))).toEqual([])
  }
  const starters = sources().filter((file) => /\b(spawn|exec|fork|run)\w*\(('git'|gitProgram\()/.test(read(file)))
  expect(starters.filter((file) => !file.startsWith('bench/'))).toEqual(['src/repo/git.ts'])
})

test('the SDK of the Model Context Protocol is loaded by its command alone: it takes a fifth of a second', () => {
  const own = (file: string) => /^(bin\/mcp|bench)\//.test(file)
  const users = sources().filter((file) => /from '@modelcontextprotocol\//.test(read(file)))
  expect(users.filter((file) => !own(file))).toEqual([])
  const oneLine = (text: string) => text.replace(/\n(?=\s|\})/g, ' ')
  const loaders = sources().filter(
    // agents/mcp loads none of it, and agents cannot reach bin/mcp
    (file) =>
      !own(file) &&
      !file.startsWith('agents/') &&
      /^import (?!type )[^\n']* from '[^']*\/mcp\//m.test(oneLine(read(file))),
  )
  expect(loaders).toEqual(['bin/write-docs.ts'])
})

test('only bin and bench print or exit', () => {
  const printers = sources().filter(
    (file) =>
      !/^(bin|bench)\//.test(file) &&
      file !== 'src/parse/worker.ts' &&
      /console\.|process\.(stdout|stderr|exit)\b/.test(read(file)),
  )
  expect(printers).toEqual([])
})

/** Who reads files of a repository beside the parser, the git door and the edits, each with what becomes of the secrets in them. */
const READERS: Readonly<Record<string, string>> = {
  'agents/feature/dependency-types.ts': 'only workspace.ts has it, which leaves them out',
  'agents/feature/folder-entries.ts': 'counts lines, and shows none',
  'agents/feature/text-with-secrets.ts': 'says where they are, for searches that leave them out',
  'agents/feature/workspace.ts': 'leaves them out; there is no other way to a file for an agent',
  'agents/plain/read-lines.ts': 'leaves them out',
  'agents/served/whole-files.ts': 'to find the secrets of a diff, and shows none',
  'agents/sleep/file-text.ts': 'a text with a secret is not sent: ask-summary.ts looks through the whole of it',
  'agents/sleep/project.ts': 'leaves them out, or does not send the text',
  'agents/training/examples-of-runs.ts': 'transcripts, which have none; training-examples.ts looks again',
  'src/exports/repository-facts.ts': 'leaves them out',
  'src/exports/write-file.ts': 'the file that is about to be replaced, which nobody is shown',
  'src/exports/write-folder.ts': 'its own list of files',
  'src/indexing/put-tree.ts': 'configuration for resolving imports, which nobody is shown',
  'src/pack/lay-out-pack.ts': 'leaves them out',
}

test('what shows texts of a repository reads them only where secrets are left out', () => {
  const isReader = (file: string) =>
    /^import \{[^}]*\b(readFile|readFileSync|readSource|createReadStream|readRegular|readRegularText|readInTree)\b/m.test(
      read(file),
    )
  const shown = sources().filter(
    (file) => /^(agents|src\/(exports|indexing|pack|retrieve|summary|loop))\//.test(file) && isReader(file),
  )
  expect(shown.filter((file) => !(file in READERS))).toEqual([])
  expect(Object.keys(READERS).filter((file) => !shown.includes(file))).toEqual([])
})

test('what bin prints goes through few doors, which make it printable', () => {
  const doors = ['bin/commands/watch-run.ts', 'bin/interrupt.ts', 'bin/output.ts', 'bin/program.ts']
  const writers = sources().filter(
    (file) => file.startsWith('bin/') && /process\.std(out|err)\.write|console\./.test(read(file)),
  )
  expect(writers.filter((file) => !doors.includes(file))).toEqual([])
})

test('folders of agents use only those before them', () => {
  const folderOf = (file: string) => /^agents\/([^/]+)\//.exec(file)?.[1] ?? null
  const wrong = sources().flatMap((file) => {
    const from = folderOf(file)
    if (from === null) return []
    return importsOf(file)
      .filter((to) => AGENTS.indexOf(folderOf(to) ?? from) > AGENTS.indexOf(from))
      .map((to) => `${file} -> ${to}`)
  })
  expect(wrong).toEqual([])
  const folders = new Set(sources().map(folderOf))
  expect(AGENTS.toSorted()).toEqual([...folders].filter((folder) => folder !== null).toSorted())
})

test('no file imports in a circle, not even for types', () => {
  const graph = new Map(sources().map((file) => [file, importsOf(file)]))
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
    else if (!done.has(file)) {
      for (const next of graph.get(file) ?? []) visit(next, [...path, file])
      done.add(file)
    }
  }
  for (const file of graph.keys()) visit(file, [])
  expect(circles).toEqual([])
})

function isAllowed(from: string, to: string): boolean {
  if (from === to || to === 'base' || from === 'bin' || from === 'bench' || from === 'library') return true
  if (`${from} -> ${to}` in EXCEPTIONS) return true
  const isStage = STAGES.includes(to)
  if (from === 'agents') return isStage || JOINING.includes(to)
  if (JOINING.includes(from)) return isStage || (JOINING.includes(to) && JOINING.indexOf(to) < JOINING.indexOf(from))
  return false
}

function layerOf(file: string): string {
  if (file === 'src/index.ts') return 'library'
  const [top, second, third] = file.split('/')
  if (top !== 'src') return top!
  return third === undefined || BASE.includes(second!) ? 'base' : second!
}

function sources(): string[] {
  return ['src', 'agents', 'bin', 'bench'].flatMap((folder) =>
    readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  )
}

interface Import {
  readonly to: string
  /** Only types come in, of which nothing is left when the program runs. */
  readonly isType: boolean
}

/** What a file imports of the project, also by `import()`. */
function importsIn(file: string): Import[] {
  const text = read(file)
  const found = (to: string, isType: boolean): Import => {
    const absolute = join(PACKAGE_ROOT, dirname(file), to)
    return { to: relative(PACKAGE_ROOT, absolute).replaceAll('\\', '/'), isType }
  }
  const statements = [...text.matchAll(/^(?:import|export)(\s+type)?\s+([^;]*?)from '(\.[^']+)'/gm)]
  const calls = [...text.matchAll(/(:\s*|= )?\bimport\('(\.[^']+)'\)(\.\w+)?/g)]
  return [
    ...statements.map(([, type, names, to]) =>
      found(to!, type !== undefined || /^\{(\s*type\s[^,}]+,?)+\s*\}\s*$/.test(names!)),
    ),
    ...calls.map(([, before, to, member]) => found(to!, before !== undefined && member !== undefined)),
  ]
}

function importsOf(file: string): string[] {
  return importsIn(file).map(({ to }) => to)
}

function read(file: string): string {
  return readFileSync(join(PACKAGE_ROOT, file), 'utf8')
}
