import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readRegularText } from '../files/read-regular.ts'

/** A program that manages the git hooks of a repository. */
export interface HookManager {
  readonly name: string
  /** What to add, and where. */
  readonly fix: string
}

const MOST_BYTES = 1_000_000
const LEFTHOOK = ['lefthook', '.lefthook'].flatMap((name) =>
  ['yml', 'yaml', 'json', 'toml'].map((end) => `${name}.${end}`),
)
const SIMPLE = ['.simple-git-hooks', 'simple-git-hooks'].flatMap((name) =>
  ['cjs', 'js', 'mjs', 'json'].map((end) => `${name}.${end}`),
)

/**
 * The program that manages the hooks of a repository. null: none, the hooks are plain files. configured: core.hooksPath.
 * hook: text of the existing hook. line: the command to run in the hook.
 */
export function hookManager(
  root: string,
  {
    configured,
    hook,
    line,
  }: { readonly configured: string | null; readonly hook: string | null; readonly line: string },
): HookManager | null {
  const has = (...names: string[]) => names.find((name) => existsSync(join(root, name)))
  const manifest = readManifest(root)
  const usesHusky = /(^|\/)\.husky(\/_)?$/.test(configured?.replaceAll('\\', '/') ?? '')
  if (usesHusky || (has('.husky') && 'husky' in manifest.packages))
    return { name: 'husky', fix: `add this line to .husky/pre-commit: ${line}` }
  const lefthook = has(...LEFTHOOK)
  if (lefthook || hook?.includes('lefthook'))
    return { name: 'lefthook', fix: `add a command to pre-commit in ${lefthook ?? 'lefthook.yml'}, with run: ${line}` }
  const simple = has(...SIMPLE)
  if (simple || manifest.hasSimpleHooks)
    return {
      name: 'simple-git-hooks',
      fix: `add to "pre-commit" of "simple-git-hooks" in ${simple ?? 'package.json'}: ${line} (then npx simple-git-hooks)`,
    }
  if (hook?.includes('pre-commit.com') || (hook === null && has('.pre-commit-config.yaml')))
    return { name: 'pre-commit', fix: 'add the hook repose-check to .pre-commit-config.yaml, as docs/ci.md shows' }
  if (configured === null) return null
  const place = relative(root, join(configured, 'pre-commit'))
  return {
    name: 'core.hooksPath',
    fix: `add this line to ${place.startsWith('..') ? join(configured, 'pre-commit') : place}: ${line}`,
  }
}

function readManifest(root: string): { readonly packages: object; readonly hasSimpleHooks: boolean } {
  const none = { packages: {}, hasSimpleHooks: false }
  const text = readRegularText(join(root, 'package.json'), { maxBytes: MOST_BYTES })
  if (text === null) return none
  try {
    const read = JSON.parse(text) as Record<string, object>
    return {
      packages: { ...read.dependencies, ...read.devDependencies },
      hasSimpleHooks: read['simple-git-hooks'] !== undefined,
    }
  } catch {
    return none // broken, or not JSON at all: npm will say so
  }
}
