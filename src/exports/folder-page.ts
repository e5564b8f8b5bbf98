import { posix } from 'node:path'
import { edgesBetween } from './import-graph.ts'
import { code, prose } from './markdown-text.ts'
import { mermaid } from './mermaid.ts'
import { linkBetween, page, pathTo, type Site, saidOf } from './site.ts'

const MOST_NODES = 24
const MOST_OUTSIDE = 6

/** The page of a folder ('src/cart/'): what it is for, what is in it, and a diagram of the imports between its members and from outside. */
export function folderPage(folder: string, site: Site): string {
  const { facts, members } = site
  const body = facts.folderBody(folder)
  const list = members.get(folder)!.map((member) => {
    return `- ${linkBetween(folder, member, code(member.slice(folder.length)), site)}${saidOf(member, site)}`
  })
  const drawn = diagram(folder, site)
  return page([
    pathTo(folder, site),
    `# ${code(folder)}`,
    prose(body?.purpose ?? facts.folderSays(folder, 45)),
    body?.howToExtend ? `**To extend:** ${prose(body.howToExtend)}` : '',
    `## In it\n\n${list.join('\n')}`,
    drawn && `## Imports\n\nThe arrows say what imports what, and how many times.\n\n${drawn}`,
  ])
}

/** Members, and the folders outside with most imports to or from them. */
function diagram(folder: string, { facts, graph, members }: Site): string {
  const own = members.get(folder)!
  const groupOf = (path: string) =>
    path.startsWith(folder)
      ? (own.find((member) => (member.endsWith('/') ? path.startsWith(member) : path === member)) ?? null)
      : path.includes('/')
        ? `${posix.dirname(path)}/`
        : null
  const isOfProgram = facts.sources.some(({ path }) => path.startsWith(folder)) // then its tests are no news
  const edges = edgesBetween(isOfProgram ? facts.sources : facts.code, graph, groupOf).filter(
    ({ from, to }) => from.startsWith(folder) || to.startsWith(folder),
  )
  const weight = new Map<string, number>()
  for (const { from, to, times } of edges) for (const one of [from, to]) weight.set(one, (weight.get(one) ?? 0) + times)
  const best = (groups: readonly string[], most: number) =>
    [...groups].sort((a, b) => weight.get(b)! - weight.get(a)! || (a < b ? -1 : 1)).slice(0, most)
  const inside = best(
    own.filter((member) => weight.has(member)),
    MOST_NODES,
  )
  const outside = best(
    [...weight.keys()].filter((group) => !group.startsWith(folder)),
    MOST_OUTSIDE,
  )
  const label = (group: string) => (group.startsWith(folder) ? group.slice(folder.length) : group)
  return mermaid({ nodes: new Map([...inside.sort(), ...outside.sort()].map((group) => [group, label(group)])), edges })
}
