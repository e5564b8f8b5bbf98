import { dirname } from 'node:path'
import type { RepoPath } from '../types.ts'
import { IgnoreFile } from './ignore-file.ts'

const RULE_FILE = /(^|\/)\.(repose)?ignore$/

/** Verdict of an ignore file on a path: excluded by a rule, or re-included. */
export type IgnoreVerdict = { readonly ignored: true; readonly rule: string } | { readonly ignored: false }

/**
 * Rules beyond git's own: `.ignore` and `.reposeignore` at any level; a nearer one wins.
 *
 * paths: every candidate path, including the rule files; read: returns their text, '' for none. Returns a function from a path to its
 * verdict or null; or null if there are no rules.
 */
export async function readIgnoreRules(
  paths: readonly RepoPath[],
  read: (path: RepoPath) => Promise<string> | string,
): Promise<((path: RepoPath) => IgnoreVerdict | null) | null> {
  const rules = new Map<string, IgnoreFile>()
  for (const path of paths.filter((one) => one.endsWith('ignore') && RULE_FILE.test(one))) {
    const text = await read(path)
    const folder = path.includes('/') ? dirname(path) : ''
    rules.set(folder, (rules.get(folder) ?? new IgnoreFile(true)).add(text, path))
  }
  if (rules.size === 0) return null
  return (path) => {
    // usually only the top folder has rules
    for (let folder = rules.size === 1 && rules.has('') ? '/' : path; folder !== ''; ) {
      folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : ''
      const verdict = rules.get(folder)?.test(folder === '' ? path : path.slice(folder.length + 1))
      if (verdict?.ignored) return { ignored: true, rule: `${verdict.rule?.file}: ${verdict.rule?.pattern}` }
      if (verdict?.unignored) return { ignored: false }
    }
    return null
  }
}
