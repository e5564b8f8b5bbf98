import { dirname } from 'node:path'
import type { RepoPath } from '../types.ts'
import { defaultReason, type PathReason } from './default-ignores.ts'
import { IgnoreFile } from './ignore-file.ts'

const RULE_FILE = /(^|\/)\.(repose)?ignore$/

/**
 * Rules beyond git's own: `.ignore` and `.reposeignore` at any level (a nearer one wins), then the built-in defaults.
 *
 * paths: every candidate path, from which the rule files are found; read: their text, '' for none. Returns why a path is left out, or null.
 */
export async function readIgnoreRules(
  paths: readonly RepoPath[],
  read: (path: RepoPath) => string | Promise<string>,
): Promise<(path: RepoPath) => PathReason | null> {
  const rules = new Map<string, IgnoreFile>()
  for (const path of paths.filter((one) => RULE_FILE.test(one))) {
    const text = await read(path)
    const folder = path.includes('/') ? dirname(path) : ''
    rules.set(folder, (rules.get(folder) ?? new IgnoreFile(true)).add(text))
  }
  if (rules.size === 0) return defaultReason
  return (path) => {
    for (let folder = path; folder !== ''; ) {
      folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : ''
      const verdict = rules.get(folder)?.test(folder === '' ? path : path.slice(folder.length + 1))
      if (verdict?.ignored) return 'ignored'
      if (verdict?.unignored) return null
    }
    return defaultReason(path)
  }
}
