import { posix } from 'node:path'
import { kindOfPath } from '../paths.ts'
import { clipWords, ownWords } from '../summary/own-words.ts'
import { projectFacts } from '../summary/project-facts.ts'
import { trimEndOf } from '../text/trim-end.ts'
import type { RepoPath } from '../types.ts'
import { areaOf, areas } from './areas.ts'
import { code, link, prose } from './markdown-text.ts'
import type { RepositoryFacts } from './repository-facts.ts'

const MOST_DOCS = 40
const MOST_AREAS = 20
const MOST_OPTIONAL = 20
const WORDS = 25
const LONGEST_START = 50_000 // characters of a document
const LONGEST_TITLE = 300
const FEWEST_WORDS = 3 // less is a name
const OF_A_LIST =
  /(^|\/)(changelog|changes|history|news|license|licence|authors|contributors|code_of_conduct|security)[^/]*$/i

/**
 * llms.txt by llmstxt.org: name, summary, then lists of links with notes. Documents first; then, for each folder of the program, the file that
 * most others import; what can be skipped is under "Optional". Links are relative to the top of the repository.
 */
export function llmsTxt(facts: RepositoryFacts): string {
  const docs = facts.paths
    .filter((path) => /\.(md|mdx|rst|adoc)$/i.test(path) && kindOfPath(path) === 'doc' && !path.startsWith('.'))
    .sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))
  const main = docs.filter((path) => !OF_A_LIST.test(path)).slice(0, MOST_DOCS)
  const optional = docs.filter((path) => !main.includes(path)).slice(0, MOST_OPTIONAL)
  const sections = [
    { head: 'Docs', lines: main.map((path) => docLine(path, facts)) },
    { head: 'Source', lines: sourceLines(facts) },
    { head: 'Optional', lines: optional.map((path) => docLine(path, facts)) },
  ]
  const { checks, also } = facts.checks()
  const commands = [...checks.map(({ command }) => command), ...also]
  return `${[
    `# ${prose(facts.name)}`,
    ...(facts.says ? [`> ${prose(facts.says)}`] : []),
    ...(commands.length > 0 ? [`Build and test: ${commands.map((command) => code(command)).join(', ')}`] : []),
    ...sections.filter(({ lines }) => lines.length > 0).map(({ head, lines }) => `## ${head}\n\n${lines.join('\n')}`),
  ].join('\n\n')}\n`
}

/** A document by its title, with its first sentence. */
function docLine(path: RepoPath, { read }: RepositoryFacts): string {
  const start = (read(path) ?? '').slice(0, LONGEST_START)
  const front = /^---\r?\n[\s\S]*?\n---/.exec(start)?.[0] ?? ''
  const said = (key: string) => {
    const value = new RegExp(`^${key}:(.*)$`, 'm').exec(front)?.[1] ?? ''
    return value.trim().replace(/^["']|["']$/g, '')
  }
  const text = path.endsWith('.mdx') ? start.replace(/^(import|export)\b.*$|^[ \t]*<[^<>]*>[ \t]*$/gm, '') : start
  const outside = text.replace(/^(`{3,9}|~{3,9})[^\n]*\n[\s\S]*?^\1/gm, '') // in code, '#' may begin a comment
  const heading = trimEndOf(/^#\s+(.+)$/m.exec(outside)?.[1]?.slice(0, LONGEST_TITLE) ?? '', '# \t')
  const title =
    said('title') ||
    heading
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/<[^>]*>/g, '')
      .trim()
  const says = said('description') || ownWords(projectFacts(['README.md'], () => text).readme, WORDS)
  const words = says.split(' ').length < FEWEST_WORDS ? '' : `: ${prose(clipWords(says, WORDS))}`
  return `- ${link(prose(title || posix.basename(path)), path)}${words}`
}

function sourceLines({ sources, folderSays, fileSays, importers }: RepositoryFacts): string[] {
  const paths = sources.map(({ path }) => path).filter((path) => !path.startsWith('.'))
  const found = areas(paths, MOST_AREAS)
    .map(({ folder }) => folder)
    .sort()
  return found.flatMap((folder) => {
    const inside = paths.filter((path) => areaOf(path, found) === folder)
    const [first] = inside.sort((a, b) => importers(b) - importers(a) || depth(a) - depth(b) || (a < b ? -1 : 1))
    if (first === undefined) return []
    const ofFolder = folderSays(folder, WORDS)
    const says = ofFolder || fileSays(first, WORDS)
    const place = ofFolder || (!says && inside.length > 1) ? `: in ${code(folder)}` : ''
    return [`- ${link(code(first), first)}${place}${says ? `: ${prose(says)}` : ''}`]
  })
}

function depth(path: RepoPath): number {
  return path.split('/').length
}
