import { devNull } from 'node:os'
import { GitError, type git, splitNul } from './git.ts'
import { gitEnvironment } from './git-environment.ts'

/**
 * A git for the working tree `root` of an agent: its files have the bytes that git stores, whatever attributes, filters and settings say. A
 * filter would run with the user's rights in a folder that models and checks write (`python3 -m nbstripout` runs a module that lies there),
 * and attributes that a check leaves would change what an agent wrote.
 *
 * Files of Git LFS are pointers. keys: what settingsOfFiles() says of this very tree. commit: any of the repository. Before git 2.41,
 * attributes of files count; filters never run.
 */
export function asStored(keys: readonly string[], commit: string, run: typeof git): typeof git {
  const names = new Set(keys.flatMap((key) => /^filter\.(.*)\.\w+$/s.exec(key)?.[1] ?? []))
  const settings = [
    ...PLAIN,
    ...[...names].flatMap((name) => OFF.map(([key, value]) => [`filter.${name}.${key}`, value])),
  ]
  const first = Number(gitEnvironment().GIT_CONFIG_COUNT ?? 0)
  const own = {
    ...Object.fromEntries(
      settings.flatMap(([key, value], i) => [
        [`GIT_CONFIG_KEY_${first + i}`, key],
        [`GIT_CONFIG_VALUE_${first + i}`, value],
      ]),
    ),
    GIT_CONFIG_COUNT: String(first + settings.length),
    GIT_ATTR_SOURCE: emptyTree(commit.length),
    GIT_ATTR_NOSYSTEM: '1',
  }
  return (folder, args, options) => run(folder, args, { ...options, env: { ...options?.env, ...own } })
}

/** The setting that names another working tree. */
export const OTHER_TREE = 'core.worktree'

/** Keys of the settings that name filters or another working tree, as they hold in `root` (an include may hold in some worktrees only). */
export async function settingsOfFiles(root: string, run: typeof git): Promise<readonly string[]> {
  const listed = await run(root, LIST).catch((error: unknown) => {
    if (error instanceof GitError && error.exitCode === 1) return '' // there is none
    throw error
  })
  return splitNul(listed)
}

const LIST = ['config', '--null', '--name-only', '--get-regexp', `^(filter\\.|${OTHER_TREE}$)`]

const PLAIN = [
  ['core.autocrlf', 'false'],
  ['core.eol', 'lf'],
  ['core.attributesFile', devNull],
]

const OFF = [
  ['clean', ''],
  ['smudge', ''],
  ['process', ''],
  ['required', 'false'],
] as const

/** The id of the tree without files, which git knows without an object. idLength: characters of an id. */
export function emptyTree(idLength: number): string {
  return idLength === 40
    ? '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
    : '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321'
}
