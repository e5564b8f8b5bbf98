import type { NamedRules, PathSettings } from '../config/path-settings.ts'
import type { RepoPath } from '../types.ts'
import { type LinguistAttribute, readAttributes } from './attributes.ts'
import { type PathReason, type PathRule, ruleByName, ruleForUntracked } from './default-ignores.ts'
import { IgnoreFile } from './ignore-file.ts'
import { readIgnoreRules } from './ignore-rules.ts'
import { vendoredBy } from './vendored.ts'

/**
 * Decision on a path without reading it. null: it is read, unless its text is that of a generated file. 'wanted': it is read whatever its
 * text is, since somebody said so. `isListed`: it is listed with its history, but not read.
 */
export type PathVerdict = (PathRule & { readonly isListed: boolean }) | 'wanted' | null

/** The rule without `isListed`. */
export function ruleOf({ reason, rule }: PathRule): PathRule {
  return { reason, rule }
}

export interface CandidatePaths {
  /**
   * Every path that git tracks or would track, including the files of rules and attributes. Verdicts can also be requested for folders,
   * with a '/' at the end.
   */
  readonly paths: readonly RepoPath[]
  /** Content ids of tracked files; read immediately. */
  readonly tracked: ReadonlyMap<RepoPath, string>
  /** Untracked files. */
  readonly untracked: ReadonlySet<RepoPath>
  readonly read: (path: RepoPath) => Promise<string> | string
  readonly settings: PathSettings
}

const ATTRIBUTES: readonly (readonly [LinguistAttribute, PathReason])[] = [
  ['linguist-vendored', 'vendored'],
  ['linguist-generated', 'generated'],
]

/**
 * Decides which paths are left out, and by which rule. The first source that matches a path wins: `exclude` of the configurations, their
 * `include`, `.ignore` and `.reposeignore`, linguist's attributes, built-in rules. Built-in rules use the file name; for tracked files also
 * evidence that other people wrote them, for untracked ones also the names of folders.
 *
 * A file marked by an attribute is listed but not read: people mark files that they do edit, to keep them out of statistics and diffs. An
 * unset attribute disables the built-in rules of its kind, also those on the text of a file.
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
  // called for every file, before V8 optimises anything: sources that match nothing are skipped
  return (path, isTracked = !untracked.has(path)) => {
    const rule = excluded?.(path)
    if (rule) return { reason: 'excluded', rule, isListed: false }
    if (included?.(path)) return 'wanted'
    const verdict = ignored?.(path)
    if (verdict) return verdict.ignored ? { reason: 'ignored', rule: verdict.rule, isListed: false } : 'wanted'
    const keptOff: PathReason[] = []
    const marks = attributes?.of(path)
    if (marks && marks.size > 0)
      for (const [attribute, reason] of ATTRIBUTES) {
        const said = marks.get(attribute)
        if (said?.value) return { reason, rule: `${said.by}: ${attribute}`, isListed: true }
        if (said) keptOff.push(reason)
      }
    const isKept = (one: PathRule | null | undefined) => !one || keptOff.includes(one.reason)
    let found = isTracked ? null : ruleForUntracked(path)
    if (isKept(found)) found = foreign?.(path) ?? null
    if (isKept(found)) found = ruleByName(path)
    if (!isKept(found)) return { ...found!, isListed: false }
    return keptOff.includes('generated') ? 'wanted' : null
  }
}

/** Returns the name of the rule in any of the lists that matches a path. null: no rule matches; or, in place of the function, no lists. */
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
