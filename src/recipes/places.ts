import { kindOfPath } from '../paths.ts'
import type { PlaceKind } from '../recipe.ts'
import type { RepoPath } from '../types.ts'

const CHANGELOG =
  /(^|\/)(\.changeset|changelogs?(\.d)?|changes|news|newsfragments|unreleased)\/|(^|\/)(changelog|changes|history|news|releases?)(\.\w+)?$/i
const LOCK =
  /(^|\/)([\w.-]*[-.]lock(b|\.(json|ya?ml|toml|hcl))?|npm-shrinkwrap\.json|shrinkwrap\.yaml|go\.(sum|work\.sum)|lock\.(json|ya?ml|toml))$/i
const SNAPSHOT = /(^|\/)__snapshots__\/|\.snap$/
// The part of a file's name that says what sort of file it is: '.test.ts', '_test.go', '.feature.md'
const SUFFIX = /(?:[._-](?:test|tests|spec|bench))?(?:\.[a-z][\w-]*){1,2}$/i
const PREFIX = /^test_(?=.)/

/** The kind of a path or pattern. */
export function placeKind(path: string): PlaceKind {
  return CHANGELOG.test(path) ? 'changelog' : kindOfPath(path)
}

/** True for a file of a package manager or test runner: its changes do not show what to do. */
export function isWrittenByTool(path: RepoPath): boolean {
  return LOCK.test(path) || SNAPSHOT.test(path)
}

/**
 * Patterns that match a path, where '*' is any name: 'cmd/list/*_test.go' for 'cmd/list/list_test.go', and the same with
 * any folder in place of 'list'. A changelog fragment also gives any file of its folder, since its suffix may stand for
 * a sort of change. Files at the root give none.
 */
export function patternsOf(path: RepoPath): string[] {
  const folders = path.split('/')
  const name = folders.pop()!
  const suffix = SUFFIX.exec(name)?.[0] ?? ''
  const prefix = PREFIX.exec(name)?.[0] ?? ''
  if (folders.length === 0 || name.length === prefix.length + suffix.length) return []
  const any = `${prefix}*${suffix}`
  const folder = folders.join('/')
  const patterns = [`${folder}/${any}`]
  if (placeKind(path) === 'changelog') patterns.push(`${folder}/*.*`)
  if (folders.length > 1) patterns.push(`${folders.slice(0, -1).join('/')}/*/${any}`)
  return patterns
}
