import { groupBy } from '../groups.ts'
import type { RepoPath } from '../types.ts'
import { areaOf, areas } from './areas.ts'
import { filePage } from './file-page.ts'
import { folderPage } from './folder-page.ts'
import { edgesBetween, importGraph } from './import-graph.ts'
import { code, link, prose } from './markdown-text.ts'
import { mermaid } from './mermaid.ts'
import { PageNames } from './page-names.ts'
import { recipeText } from './recipe-text.ts'
import type { RepositoryFacts } from './repository-facts.ts'
import { linkBetween, page, type Site, saidOf, sitePast } from './site.ts'

const USUAL = 'usual-changes.md'
const MOST_AREAS = 24

/**
 * What is known of a repository as a folder to browse: a page for it, for each folder with code, and for each file of code, with relative links
 * and diagrams of the imports. Works without any summary: then with the authors' words, outlines and imports. Texts by their paths.
 */
export function markdown(
  facts: RepositoryFacts,
  { store, worktree, toRepository }: Pick<Site, 'store' | 'worktree' | 'toRepository'>,
): ReadonlyMap<string, string> {
  const names = new PageNames([USUAL])
  const site: Site = {
    ...{ facts, store, worktree, toRepository, names },
    past: sitePast(store, worktree),
    graph: importGraph(store, facts.code),
    files: new Set(facts.code.map(({ path }) => path)),
    members: membersOf(facts.code.map(({ path }) => path)),
  }
  const pages = new Map<string, string>()
  pages.set(names.of(''), frontPage(site))
  if (facts.recipes.length > 0) pages.set(USUAL, usualPage(facts))
  for (const folder of [...site.members.keys()].sort())
    if (folder !== '') pages.set(names.of(folder), folderPage(folder, site))
  for (const file of facts.code) pages.set(names.of(file.path), filePage(file, site))
  return pages
}

function membersOf(paths: readonly RepoPath[]): ReadonlyMap<string, readonly string[]> {
  const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/', path.length - 2) + 1)
  const all = new Set<string>()
  for (const path of paths) for (let at = path; at !== ''; at = parentOf(at)) all.add(at)
  const found = groupBy([...all].sort(), parentOf)
  return new Map([['', []], ...found])
}

function frontPage(site: Site): string {
  const { facts, members, graph } = site
  const found = areas(
    facts.sources.map(({ path }) => path),
    MOST_AREAS,
  )
    .map(({ folder }) => folder)
    .sort()
  const drawn = mermaid({
    nodes: new Map(found.map((folder) => [folder, folder])),
    edges: edgesBetween(facts.sources, graph, (path) => areaOf(path, found)),
  })
  const { checks, also } = facts.checks()
  const commands = [...checks.map(({ command }) => command), ...also]
  const conventions = facts.repositoryBody?.conventions ?? []
  const list = members.get('')!.map((member) => {
    return `- ${linkBetween('', member, code(member), site)}${saidOf(member, site)}`
  })
  return page([
    `# ${prose(facts.name)}`,
    prose(facts.says),
    commands.length > 0 ? `Build and test: ${commands.map((command) => code(command)).join(', ')}` : '',
    facts.recipes.length > 0 ? link('What past commits usually changed together', USUAL) : '',
    conventions.length > 0 ? `## Conventions\n\n${conventions.map((one) => `- ${prose(one)}`).join('\n')}` : '',
    list.length > 0 ? `## Folders and files\n\n${list.join('\n')}` : 'There is no code that repose can read.',
    drawn && `## How folders import each other\n\nThe arrows say what imports what, and how many times.\n\n${drawn}`,
  ])
}

function usualPage({ recipes }: RepositoryFacts): string {
  const sections = recipes.map((recipe) => {
    const { commits, steps } = recipe
    const examples = commits.slice(0, 5).map(({ hash, subject }) => `- ${code(hash.slice(0, 8))} ${prose(subject)}`)
    return `## ${recipe.by === 'habit' ? 'Any feature' : prose(recipe.name)}\n\n${recipeText(recipe, steps.length)}.\n\n${commits.length} past commits, the newest first:\n\n${examples.join('\n')}`
  })
  return page([link('Back', 'README.md'), '# What past commits usually changed together', ...sections])
}
