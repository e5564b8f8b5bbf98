import { dirname } from 'node:path'
import ignore, { type Ignore } from 'ignore'
import type { RepoPath } from '../types.ts'

const RULE_FILE = /(^|\/)\.(repose)?ignore$/

/** What an ignore file says of a path: left out by a rule, or taken back. */
export type IgnoreVerdict = { readonly ignored: true; readonly rule: string } | { readonly ignored: false }

/**
 * Rules beyond git's own: `.ignore` and `.reposeignore` at any level; a nearer one wins.
 *
 * paths: every candidate path, from which the rule files are found; read: their text. Returns what they say of a path, or null.
 */
export async function readIgnoreRules(
  paths: readonly RepoPath[],
  read: (path: RepoPath) => Promise<string> | string,
): Promise<(path: RepoPath) => IgnoreVerdict | null> {
  const rules = new Map<string, { readonly all: Ignore; readonly lines: [string, RepoPath][] }>()
  for (const path of paths.filter((one) => RULE_FILE.test(one))) {
    const text = await read(path)
    const folder = path.includes('/') ? dirname(path) : ''
    const known = rules.get(folder) ?? { all: ignore(), lines: [] }
    known.all.add(text)
    for (const line of text.split(/\r?\n/)) known.lines.push([line, path])
    rules.set(folder, known)
  }
  if (rules.size === 0) return () => null
  return (path) => {
    for (let folder = path; folder !== ''; ) {
      folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : ''
      const own = rules.get(folder)
      if (!own) continue
      const name = folder === '' ? path : path.slice(folder.length + 1)
      const verdict = own.all.test(name)
      if (verdict.ignored) {
        const line = own.lines.findLast(([one]) => ignore().add(one).ignores(name))
        return { ignored: true, rule: line ? `${line[1]}: ${line[0]}` : 'an ignore file' }
      }
      if (verdict.unignored) return { ignored: false }
    }
    return null
  }
}
