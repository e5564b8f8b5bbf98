import type { NamedRules } from '../config/path-settings.ts'
import type { RepoPath } from '../types.ts'
import { IgnoreFile } from './ignore-file.ts'

/** Those of these rules that match no path, as 'include "*.snap" of repose.config.json'. Rules that take back others are not tested. */
export function unmatchedRules(name: string, lists: readonly NamedRules[], paths: readonly RepoPath[]): string[] {
  return lists.flatMap(({ by, rules }) =>
    rules.flatMap((rule) => {
      if (/^\s*($|[#!])/.test(rule)) return []
      const file = new IgnoreFile(true).add(rule)
      return paths.some((path) => file.ignores(path)) ? [] : [`${name} ${JSON.stringify(rule)} of ${by}`]
    }),
  )
}
