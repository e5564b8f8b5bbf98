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

/** What a place is for. */
export function placeKind(path: string): PlaceKind {
  return CHANGELOG.test(path) ? 'changelog' : kindOfPath(path)
}

/** Written by a package manager or a test runner: that it changed says nothing about what to do. */
export function isWrittenByTool(path: RepoPath): boolean {
  return LOCK.test(path) || SNAPSHOT.test(path)
}

/**
 * The patterns that a path is an example of, the narrowest first. '*' is any name, '<name>' one name that stands twice.
 *
 * Of 'cmd/gist/list/list.go': any '.go' of its folder, 'cmd/gist/<name>/<name>.go', and both names with one of the last two
 * folders open. Of a changelog's fragment also any file of its folder. A pattern names at least one folder, so that files at the root give none.
 */
export function patternsOf(path: RepoPath): string[] {
  const folders = path.split('/')
  const name = folders.pop()!
  const suffix = SUFFIX.exec(name)?.[0] ?? ''
  const prefix = PREFIX.exec(name)?.[0] ?? ''
  const stem = name.slice(prefix.length, name.length - suffix.length)
  if (folders.length === 0 || stem === '') return []
  const any = `${prefix}*${suffix}`
  const last = folders.at(-1)!
  const above = folders.slice(0, -1).join('/')
  const patterns = [`${folders.join('/')}/${any}`]
  if (placeKind(path) === 'changelog') patterns.push(`${folders.join('/')}/*.*`) // its suffix may tell what sort of change it was
  if (above === '') return patterns
  if (stem === last) patterns.unshift(`${above}/<name>/${prefix}<name>${suffix}`)
  patterns.push(`${above}/*/${name}`, `${above}/*/${any}`)
  const top = folders.slice(0, -2).join('/')
  if (top !== '') patterns.push(`${top}/*/${last}/${name}`, `${top}/*/${last}/${any}`)
  return patterns
}
