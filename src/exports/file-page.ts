import { likelyCompanions } from '../companions/likely-companions.ts'
import { ownWords } from '../summary/own-words.ts'
import { lastCommits } from '../text/last-commits.ts'
import type { CodeSymbol, RepoPath } from '../types.ts'
import { code, link, prose } from './markdown-text.ts'
import type { KnownFile } from './repository-facts.ts'
import { linkBetween, page, pathTo, type Site } from './site.ts'

const MOST_DEFINITIONS = 60
const MOST_NEIGHBOURS = 30
const MOST_COMPANIONS = 5
const LIKELY = 0.3

/** The page of a file: what it is for, its definitions, what it imports, what imports it, and what usually changes with it. */
export function filePage({ path, language, lines, doc }: KnownFile, site: Site): string {
  const { facts, store, worktree, graph, toRepository, names } = site
  const body = facts.fileBody(path)
  const said = new Map(body?.symbols.map(({ name, does }) => [name, does]))
  const symbols = store.facts.symbols(worktree, path).filter(({ kind }) => kind !== 'test')
  const top = symbols.slice(0, MOST_DEFINITIONS).map((symbol) => definition(symbol, said.get(symbol.qualified)))
  const more = symbols.length - top.length
  const up = names
    .of(path)
    .split('/')
    .slice(1)
    .map(() => '..')
  const source =
    toRepository === null
      ? ''
      : ` · ${link('source', [...up, toRepository, path].filter((one) => one !== '').join('/'))}`
  return page([
    pathTo(path, site),
    `# ${code(path)}`,
    `${prose(language)}, ${lines} ${lines === 1 ? 'line' : 'lines'}${source}`,
    prose(body?.purpose ?? ownWords(doc, 60)),
    body?.changesWith ? `**Changes with:** ${prose(body.changesWith)}` : '',
    body?.watchOut ? `**Careful:** ${prose(body.watchOut)}` : '',
    top.length > 0 ? `## Definitions\n\n${[...top, ...(more > 0 ? [`- ${more} more`] : [])].join('\n')}` : '',
    neighbours('Imports', path, graph.importsOf(path), site),
    neighbours('Imported by', path, graph.importersOf(path), site),
    companions(path, site),
  ])
}

function definition({ qualified, signature, kind, lines, doc }: CodeSymbol, said: string | undefined): string {
  const indent = '  '.repeat(Math.min(3, qualified.split('.').length - 1))
  const words = said ?? ownWords(doc, 30)
  const where = lines.first === lines.last ? `line ${lines.first}` : `lines ${lines.first} to ${lines.last}`
  return `${indent}- ${code(signature || qualified)} (${kind}, ${where})${words ? `: ${prose(words)}` : ''}`
}

function neighbours(head: string, path: RepoPath, others: readonly RepoPath[], site: Site): string {
  if (others.length === 0) return ''
  const shown = [...others].sort().slice(0, MOST_NEIGHBOURS)
  const more = others.length - shown.length
  const list = shown.map((other) => `- ${linkBetween(path, other, code(other), site)}`)
  return `## ${head}\n\n${[...list, ...(more > 0 ? [`- ${more} more`] : [])].join('\n')}`
}

function companions(path: RepoPath, site: Site): string {
  const { past, facts, files } = site
  const known = new Set(facts.paths)
  const found = likelyCompanions(past, [path], (other) => known.has(other))
    .filter(({ probability }) => probability >= LIKELY)
    .slice(0, MOST_COMPANIONS)
  if (found.length === 0) return ''
  const list = found.map(({ path: other, times, of }) => {
    const name = files.has(other) ? linkBetween(path, other, code(other), site) : code(other)
    return `- ${name}: in ${lastCommits(times, of)}`
  })
  return `## Usually changes with\n\n${list.join('\n')}`
}
