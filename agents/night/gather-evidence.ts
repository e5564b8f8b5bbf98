import { directionsIn } from '../../src/backlog/evidence/directions-in.ts'
import type { Evidence, RecentCommit } from '../../src/backlog/evidence/evidence.ts'
import { plansIn } from '../../src/backlog/evidence/plans-in.ts'
import { promisesIn } from '../../src/backlog/evidence/promises-in.ts'
import { seriesIn } from '../../src/backlog/evidence/series-in.ts'
import { type FoundLine, todosIn } from '../../src/backlog/evidence/todos-in.ts'
import { unreleasedIn } from '../../src/backlog/evidence/unreleased-in.ts'
import { countEach } from '../../src/groups.ts'
import { isSource } from '../../src/paths.ts'
import { GitError, git, splitNul } from '../../src/repo/git.ts'
import type { SecretKeeper } from '../../src/secrets/secret-keeper.ts'
import { recentCommits } from './recent-commits.ts'

const RECENT = 250 // commits
const MOST_LINES = 300 // of those that grep finds; each is looked through for secrets before it is cut
const MOST_DOCUMENTS = 6
const MOST_TEXT = 200_000 // characters of a document: a changelog has its newest part at the top
const PLANS = /(^|\/)(readme|road-?map|todo|todos|plans?|future|status|limitations)(\.\w+)?$/i
const CHANGES = /^(change-?log|changes|history|news|releases?(-notes)?)(\.\w+)?$/i

export interface Gathered {
  readonly evidence: readonly Evidence[]
  readonly commits: readonly RecentCommit[]
  /** Of the commit. */
  readonly paths: readonly string[]
}

/** What a commit and its past say of requests to come. No model; five git processes or so. */
export async function gatherEvidence(
  root: string,
  commit: string,
  secrets: Pick<SecretKeeper, 'mask' | 'redact'>,
): Promise<Gathered> {
  const [names, commits, lines] = await Promise.all([
    git(root, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit]),
    recentCommits(root, commit, { most: RECENT }),
    todoLines(root, commit),
  ])
  const paths = splitNul(names)
  const byDepth = (a: string, b: string) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1)
  const textOf = async (path: string) => {
    const text = await git(root, ['cat-file', 'blob', `${commit}:${path}`])
    return secrets.mask(path, text.slice(0, MOST_TEXT))
  }
  const plans = paths.filter((path) => PLANS.test(path) && path.split('/').length <= 2).sort(byDepth)
  const planned: Evidence[] = []
  for (const path of plans.slice(0, MOST_DOCUMENTS)) planned.push(...plansIn(path, await textOf(path)))
  const changes = paths.find((path) => CHANGES.test(path))
  const unreleased = changes ? unreleasedIn(changes, await textOf(changes)) : []
  const touches = countEach(commits.flatMap(({ changed }) => changed))
  const busiest = [...lines].sort((a, b) => (touches.get(b.path) ?? 0) - (touches.get(a.path) ?? 0))
  const todos = await Promise.all(
    busiest.slice(0, MOST_LINES).map(async (line) => ({ ...line, text: await secrets.redact(line.text) })),
  )
  const evidence = [
    ...planned.slice(0, 25),
    ...unreleased,
    ...promisesIn(commits),
    ...seriesIn(commits, paths),
    ...todosIn(todos, touches),
    ...directionsIn(commits),
  ]
  return { evidence, commits, paths }
}

async function todoLines(root: string, commit: string): Promise<FoundLine[]> {
  const args = [
    'grep',
    '-n',
    '-z',
    '-I',
    '--no-color',
    '--no-recurse-submodules',
    '-w',
    '-E',
    '-e',
    'TODO|FIXME|XXX',
    commit,
  ]
  const output = await git(root, args).catch((error: unknown) => {
    if (error instanceof GitError) return '' // none, or a partial clone lacks contents
    throw error
  })
  return output.split('\n').flatMap((entry): FoundLine[] => {
    const [name, line, text] = entry.split('\0')
    if (name === undefined || text === undefined || text.length > 500 || !isSource(name)) return []
    return [{ path: name.slice(commit.length + 1), line: Number(line), text }]
  })
}
