import type { NamedRules, PathSettings } from '../config/path-settings.ts'
import type { RepoPath } from '../types.ts'
import { type LinguistAttribute, readAttributes } from './attributes.ts'
import { type PathReason, type PathRule, ruleByName, ruleForUntracked } from './default-ignores.ts'
import { IgnoreFile } from './ignore-file.ts'
import { readIgnoreRules } from './ignore-rules.ts'
import { vendoredBy } from './vendored.ts'

/** What is decided of a path without reading it: null, it is read like any; with `isListed`, it is listed with its history, and not read. */
export type PathVerdict = (PathRule & { readonly isListed: boolean }) | null

/** Which rule it is. */
export function ruleOf({ reason, rule }: NonNullable<PathVerdict>): PathRule {
  return { reason, rule }
}

export interface CandidatePaths {
  /** Every path that git tracks or would track; among them the files of rules and attributes are found. Of a folder, with a '/' at its end, may be asked too. */
  readonly paths: readonly RepoPath[]
  /** Of those that git tracks, the ids of their contents; read at once. */
  readonly tracked: ReadonlyMap<RepoPath, string>
  /** Those that git does not track. */
  readonly untracked: ReadonlySet<RepoPath>
  readonly read: (path: RepoPath) => Promise<string> | string
  readonly settings: PathSettings
}

const ATTRIBUTES: readonly (readonly [LinguistAttribute, PathReason])[] = [
  ['linguist-vendored', 'vendored'],
  ['linguist-generated', 'generated'],
]

/**
 * Which paths are left out, and by which rule. The first that speaks of a path counts:
 * `exclude` of the configurations, their `include`, `.ignore` and `.reposeignore`, linguist's attributes, and then what is built in: for files that git tracks
 * their names and evidence that other people wrote them, for others also the names of folders.
 *
 * What an attribute marks is listed, though not read: people mark what they do edit, to keep it out of statistics and diffs. An attribute that is unset keeps the built-in rule of its kind off.
 */
export async function readPathRules({
  paths,
  tracked,
  untracked,
  read,
  settings,
}: CandidatePaths): Promise<(path: RepoPath, isTracked?: boolean) => PathVerdict> {
  const [ignored, attributes] = await Promise.all([readIgnoreRules(paths, read), readAttributes(paths, read)])
  const excluded = listOf(settings.exclude, 'exclude')
  const included = listOf(settings.include, 'include')
  const foreign = vendoredBy(tracked)
  // asked of every file, before V8 optimises anything: what says nothing of any is not asked
  return (path, isTracked = !untracked.has(path)) => {
    const rule = excluded?.(path)
    if (rule) return { reason: 'excluded', rule, isListed: false }
    if (included?.(path)) return null
    const verdict = ignored?.(path)
    if (verdict) return verdict.ignored ? { reason: 'ignored', rule: verdict.rule, isListed: false } : null
    const keptOff: PathReason[] = []
    if (attributes)
      for (const [attribute, reason] of ATTRIBUTES) {
        const said = attributes.said(path, attribute)
        if (said?.value) return { reason, rule: `${said.by}: ${attribute}`, isListed: true }
        if (said) keptOff.push(reason)
      }
    const isKept = (one: PathRule | null | undefined) => !one || keptOff.includes(one.reason)
    let found = isTracked ? null : ruleForUntracked(path)
    if (isKept(found)) found = foreign?.(path) ?? null
    if (isKept(found)) found = ruleByName(path)
    return isKept(found) ? null : { ...found!, isListed: false }
  }
}

/** Names the rule that means a path, in any of the lists. null: none does, and for no lists, none ever does. */
function listOf(lists: readonly NamedRules[], name: string): ((path: RepoPath) => string | null) | null {
  if (lists.length === 0) return null
  const known = lists.map(({ by, rules }) => ({ by, all: new IgnoreFile(true).add(rules.join('\n')) }))
  return (path) => {
    for (const { by, all } of known) {
      const { ignored, rule } = all.test(path)
      if (ignored) return `${name} ${JSON.stringify(rule?.pattern)} of ${by}`
    }
    return null
  }
}
