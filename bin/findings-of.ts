import type { Recipe } from '../src/recipe.ts'
import type { Repo } from '../src/repo/open-repo.ts'
import type { Finding } from '../src/review/finding.ts'
import type { MeantChange } from './changed-in.ts'
import type { Values } from './command.ts'
import type { Wire } from './wire.ts'

export interface Reviewed {
  /** null: the repository has no commits yet. */
  readonly change: MeantChange | null
  readonly findings: readonly Finding[]
}

/** What the change that these options mean lacks by the past of the repository. Says what it could not look at. */
export async function findingsOf(wire: Wire, values: Values): Promise<Reviewed> {
  const { NoCommits } = await import('../src/repo/open-repo.ts')
  try {
    return await review(wire, values)
  } catch (error) {
    if (!(error instanceof NoCommits)) throw error
    wire.say('note: there are no commits yet, so there is no past to compare with')
    return { change: null, findings: [] }
  }
}

async function review(wire: Wire, values: Values): Promise<Reviewed> {
  const [repo, { changedIn }] = await Promise.all([wire.repo(), import('./changed-in.ts')])
  const isWanted = await pathFilter((values.paths as readonly string[] | undefined) ?? [])
  const change = await changedIn(repo, values)
  if (change.isMerge) wire.say('note: a merge waits for its commit: its files are not checked')
  if (change.isMerge || change.changes.length === 0) return { change, findings: [] }
  const [store, config, { refreshHistory }, { reviewChange }] = await Promise.all([
    wire.store(),
    wire.config(),
    import('../src/indexing/refresh-history.ts'),
    import('../src/review/review-change.ts'),
  ])
  await wire.sayIfShallow()
  const stale = mentionsOfGone(repo, change, wire.signal)
  stale.catch(() => {}) // awaited below, after what may throw first
  const worktree = await refreshHistory(repo, store, { ...config, signal: wire.signal })
  const meant = values.request === undefined ? null : await meantBy(wire, String(values.request))
  const findings = [...reviewChange(store, worktree, { ...change, meant }), ...(await stale)]
  return { change, findings: await withoutSecretsIn(findings.filter(({ at }) => isWanted(at))) }
}

/** Runners show them to everybody, and the name of a file that the change removes may hold a secret. */
async function withoutSecretsIn(findings: readonly Finding[]): Promise<readonly Finding[]> {
  return findings.length === 0 ? [] : (await import('../src/secrets/without-secrets.ts')).cleanValue(findings)
}

/** The recipe that a request means, which depends on the names of today's files. */
async function meantBy(wire: Wire, request: string): Promise<Recipe | null> {
  const [{ store, worktree }, { recipeFor }, { readRequest }] = await Promise.all([
    wire.facts(),
    import('../src/recipes/recipe-for.ts'),
    import('../src/request/read-request.ts'),
  ])
  return recipeFor(store, worktree, readRequest(request))
}

/** Documents that name what the change removes. Of --files, only the names are known, so it is not looked for. */
async function mentionsOfGone(repo: Repo, { compared, against }: MeantChange, signal: AbortSignal): Promise<Finding[]> {
  if (compared === 'files') return []
  const [{ changedLines, indexOfHook }, { staleMentions }, { findingOfMention }] = await Promise.all([
    import('../src/repo/changed-files.ts'),
    import('../src/review/stale-mentions.ts'),
    import('../src/review/finding.ts'),
  ])
  const isStaged = compared === 'staged'
  const diff = await changedLines(repo, against ?? 'index')
  const env = isStaged ? indexOfHook(repo) : {}
  return (await staleMentions(diff, { root: repo.root, isStaged, env, signal })).map(findingOfMention)
}

/**
 * Whether a path is in one of the folders, is one of the files, or matches one of the patterns ('packages/*\/src/**'). Each text may hold
 * several, one a line. Without any, every path is.
 */
async function pathFilter(texts: readonly string[]): Promise<(path: string) => boolean> {
  const named = texts.flatMap((text) => text.split('\n').map((line) => line.trim())).filter(Boolean)
  if (named.length === 0) return () => true
  const [{ globOf }, { UserError }] = await Promise.all([import('../src/repo/glob.ts'), import('../src/errors.ts')])
  const tests = named.map((name): ((path: string) => boolean) => {
    const plain = name.replace(/^\.\//, '').replace(/\/+$/, '')
    if (!/[*?[]/.test(plain)) return (path) => plain === '.' || path === plain || path.startsWith(`${plain}/`)
    const glob = globOf(plain)
    if (glob) return (path) => glob(path.split('/'))
    throw new UserError(
      `--paths takes a folder, a file or a pattern, not '${name}'`,
      'name it from the top: packages/a',
    )
  })
  return (path) => tests.some((test) => test(path))
}
