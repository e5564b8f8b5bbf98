import { lstatSync, realpathSync } from 'node:fs'
import { devNull, homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { RepoPath } from '../types.ts'
import { git, splitNul } from './git.ts'

/** A path of this repository that is as sensitive as a path that leads to it. */
export interface SensitivePath {
  readonly path: RepoPath
  /** Shown in brackets: 'it is protected (...)'. */
  readonly why: string
}

/**
 * Sensitive paths whose names do not show it: files of the repository that git is set to run or read, and the targets of links that
 * `isSensitive` accepts.
 *
 * root: a working tree. also: other working trees of the repository, which settings may name by absolute path. own: the user's folders that
 * may lie in the repository, for instance if the home folder is one. Two git processes in parallel.
 */
export async function protectedHere(
  root: string,
  isSensitive: (path: RepoPath) => boolean,
  { also = [], own = [] }: { readonly also?: readonly string[]; readonly own?: readonly string[] } = {},
): Promise<readonly SensitivePath[]> {
  const [settings, files] = await Promise.all([
    git(root, ['config', '--list', '--show-origin', '-z']),
    git(root, ['ls-files', '-s', '-z']),
  ])
  const roots = [root, ...also].map(realOf)
  const inside = (path: string): RepoPath[] =>
    roots.flatMap((top) => {
      const within = relative(top, realOf(isAbsolute(path) ? path : join(top, path)))
      const isOutside = within === '' || isAbsolute(within) || /^(\.\.|\.git)($|[/\\])/.test(within)
      return isOutside ? [] : [within.split(sep).join('/')]
    })
  const found: SensitivePath[] = []
  const add = (paths: readonly RepoPath[], why: string) => {
    for (const path of paths) if (!found.some((one) => one.path === path)) found.push({ path, why })
  }
  const fields = splitNul(settings)
  const hooks = hooksPathIn(fields)
  if (hooks !== null) add(inside(hooks), 'git runs the hooks in it with your rights')
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [key = '', ...value] = fields[at + 1]!.split('\n')
    if (fields[at]!.startsWith('file:')) add(inside(fields[at]!.slice(5)), 'git reads its settings from it')
    if (!NAMES_FILES.test(key)) continue
    for (const word of value
      .join('\n')
      .split(/[\s"'=;&|()!]+/)
      .filter((one) => one.length > 1))
      for (const path of inside(word)) if (isFile(join(roots[0]!, path))) add([path], `git is set to use it (${key})`)
  }
  for (const entry of splitNul(files)) {
    const path = entry.slice(entry.indexOf('\t') + 1)
    if (entry.startsWith('120000 ') && isSensitive(path)) add(inside(resolve(root, path)), `${path} is a link to it`)
  }
  for (const folder of own) add(inside(folder), 'repose keeps there what you have set and trusted')
  return found
}

/**
 * The user's hooks folder, from alternating fields of origin and setting; null: git's own folder. Our git processes use no hooks (git.ts).
 */
function hooksPathIn(fields: readonly string[]): string | null {
  const paths = fields.flatMap((field) =>
    /^core\.hookspath\n/.test(field) ? [field.slice(field.indexOf('\n') + 1)] : [],
  )
  const last = paths.filter((path) => path !== devNull).at(-1)
  return last?.replace(/^~(?=\/)/, homedir()) ?? null
}

// settings whose value is a command, or names files
const NAMES_FILES =
  /^(alias|filter|diff|difftool|merge|mergetool|gpg|credential|sequence|interactive|pager|trailer|uploadpack|receive|sendemail|core\.(fsmonitor|editor|pager|sshcommand|askpass|gitproxy|attributesfile|excludesfile)|commit\.template|mailmap\.file)(\.|$)/

/** Resolves links as far as the path exists. */
function realOf(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(realOf(above), basename(path))
  }
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
