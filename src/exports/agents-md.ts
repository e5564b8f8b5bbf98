import { kindOfPath } from '../paths.ts'
import { countTokens } from '../tokens/tokens.ts'
import { areas } from './areas.ts'
import { fenced } from './fenced-block.ts'
import { code, prose } from './markdown-text.ts'
import { recipeText } from './recipe-text.ts'
import type { RepositoryFacts } from './repository-facts.ts'

export const MOST_TOKENS = 400 // by o200k_base, with the fence: what is always loaded is paid for with every call

const MOST_AREAS = 8
const FEW_AREAS = 2
const MOST_NAMES = 4
const MOST_RECIPES = 4
const MOST_COMMANDS = 4
const MOST_STEPS = 4
const WORDS = 12
const DOCUMENT = /\.(md|mdx|rst|adoc)$(?<=\/.*)/i
const LONGEST_COMMAND = 80 // characters

const HOW = `## repose

This repository and its history are indexed. Ask before you search and open files; no model is called:

- ${code('repose context "REQUEST"')}: first, for any change: which files, with evidence and code
- ${code('repose find NAME_OR_TEXT')}, ${code('repose ask --no-model PATH_NAME_OR_QUESTION')}: instead of grep and opening
- ${code('repose check --request "REQUEST"')}: before you finish: what usually changes too

(The MCP server ${code('repose')} has the same as tools.)`

/**
 * The block for AGENTS.md or CLAUDE.md, in its fence, of at most MOST_TOKENS: how to ask, what builds and tests, where things are, what is
 * usually changed together. Nothing in it depends on the machine, the time or the commit, so that it seldom changes.
 */
export function agentsMd(facts: RepositoryFacts): string {
  const { checks, also } = facts.checks()
  const commands = [...checks.map(({ command }) => command), ...also]
    .filter((command) => command.length <= LONGEST_COMMAND)
    .slice(0, MOST_COMMANDS)
  const built = commands.length > 0 ? `\n\nBuild and test: ${commands.map((one) => code(one)).join(', ')}` : ''
  const waiting = {
    usual: facts.recipes.slice(0, MOST_RECIPES).map((recipe) => `- ${recipeText(recipe, MOST_STEPS)}`),
    places: places(facts),
  }
  const kept: Record<keyof typeof waiting, string[]> = { usual: [], places: [] }
  const text = () =>
    [
      `${HOW}${built}`,
      ...(kept.usual.length > 0 ? [`Usually changed together:\n${kept.usual.join('\n')}`] : []),
      ...(kept.places.length > 0 ? [`Where things are:\n${[...kept.places].sort().join('\n')}`] : []),
    ].join('\n\n')
  // in turns, so that neither takes the room of the other
  while (waiting.usual.length + waiting.places.length > 0)
    for (const part of ['places', 'usual'] as const) {
      const line = waiting[part].shift()
      if (line === undefined) continue
      kept[part].push(line)
      if (countTokens(fenced(text())) > MOST_TOKENS) kept[part].pop()
    }
  return text()
}

/** The folders of the program, the largest first; if they are few, also the files in them that most others import. Then tests and documents. */
function places({ sources, code: all, paths, folderSays, fileSays, importers }: RepositoryFacts): string[] {
  const own = sources.map(({ path }) => path).filter((path) => !path.startsWith('.'))
  const folders = areas(own, MOST_AREAS).map(({ folder }) => folder)
  const said = folders.map((folder) => `- ${code(folder)}: ${prose(folderSays(folder, WORDS)) || names(folder, own)}`)
  const files = folders.length > FEW_AREAS ? [] : own.map((path) => ({ path, says: fileSays(path, WORDS) }))
  const telling = files
    .filter(({ says }) => says !== '')
    .sort((a, b) => importers(b.path) - importers(a.path) || (a.path < b.path ? -1 : 1))
    .slice(0, MOST_AREAS)
    .map(({ path, says }) => `- ${code(path)}: ${prose(says)}`)
  const beside = [
    ['tests', all.map(({ path }) => path).filter((path) => kindOfPath(path) === 'test')],
    ['documents', paths.filter((path) => DOCUMENT.test(path) && kindOfPath(path) === 'doc' && !path.startsWith('.'))],
  ] as const
  const others = beside.flatMap(([what, some]) => {
    const [most] = areas(some, 1, 1)
    const isNews = most && !folders.some((folder) => folder.startsWith(most.folder))
    return isNews ? [`${what} in ${code(most.folder)}`] : []
  })
  return [...said, ...(others.length > 0 ? [`- ${others.join(', ')}`] : []), ...telling]
}

/** What a folder of which nobody says anything holds: its first names. */
function names(folder: string, paths: readonly string[]): string {
  const below = paths.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length))
  const inside = [...new Set(below.map((path) => path.replace(/(?<=\/).*/s, '')))]
  const shown = inside.slice(0, MOST_NAMES).map((name) => code(name))
  return `${shown.join(', ')}${inside.length > shown.length ? ', …' : ''}`
}
