import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse as parseToml } from 'smol-toml'
import { statsAt } from '../files/stats-at.ts'
import { asObject, type JsonObject, parseLooseJson } from '../graph/resolve/loose-json.ts'
import type { RepoPath } from '../types.ts'

const MOST_BYTES = 1_000_000
const LONGEST_PATH = 300 // characters

/** A folder with the files that git tracks or would track: the input of check detection. */
export interface Project {
  /** Absolute. */
  readonly folder: string
  /** Relative to the folder. */
  readonly paths: readonly RepoPath[]
  has(path: RepoPath): boolean
  /** The first path that matches, of those that are not very long: patterns may take quadratic time. */
  find(pattern: RegExp): RepoPath | undefined
  /** null: the file is missing, not a regular file, or larger than 1 MB. */
  text(path: RepoPath): string | null
  /** The file as JSON with comments, or as TOML; {} if it cannot be parsed. */
  json(path: RepoPath): JsonObject
  toml(path: RepoPath): JsonObject
}

export function openProject(folder: string, paths: readonly RepoPath[]): Project {
  const known = new Set(paths)
  const text = (path: RepoPath) => {
    if (!known.has(path)) return null
    const absolute = join(folder, path)
    const stats = statsAt(absolute)
    return stats?.isFile() && stats.size <= MOST_BYTES ? readFileSync(absolute, 'utf8').replace(/^\uFEFF/, '') : null
  }
  const parsed = (parse: (text: string) => unknown) => {
    const remembered = new Map<RepoPath, JsonObject>() // several questions ask for the same file
    return (path: RepoPath) => {
      const found = remembered.get(path) ?? asParsed(() => parse(text(path) ?? ''))
      remembered.set(path, found)
      return found
    }
  }
  return {
    folder,
    paths,
    has: (path) => known.has(path),
    find: (pattern) => paths.find((path) => path.length <= LONGEST_PATH && pattern.test(path)),
    text,
    json: parsed(parseLooseJson),
    toml: parsed(parseToml),
  }
}

/** {} for a text that is unfinished or written for another parser: its file counts as missing. */
function asParsed(parse: () => unknown): JsonObject {
  try {
    return asObject(parse()) ?? {}
  } catch {
    return {}
  }
}

/** A nested table: sectionOf(pyproject, 'tool', 'poetry'). {} if there is none. */
export function sectionOf(value: JsonObject, ...keys: readonly string[]): JsonObject {
  return keys.reduce<JsonObject>((section, key) => asObject(section[key]) ?? {}, value)
}

/** Whether the project's own automation or CONTRIBUTING.md names a command, with any arguments. AGENTS.md does not count: exports write into it. */
export function isNamed(command: string, project: Project): boolean {
  const word = new RegExp(`\\b${command}(?![\\w-])`)
  return project.paths
    .filter((path) => path.length <= LONGEST_PATH && AUTOMATION.test(path))
    .slice(0, MOST_READ)
    .some((path) => word.test(project.text(path) ?? ''))
}

const MOST_READ = 20 // files
const AUTOMATION =
  /^(?:\.github\/(?:workflows|actions)\/.+\.ya?ml|\.gitlab-ci\.ya?ml|\.circleci\/config\.ya?ml|\.pre-commit-config\.ya?ml|(?:GNU)?[Mm]akefile|\.?justfile|[Tt]askfile(?:\.dist)?\.ya?ml|\.?mise\.toml|CONTRIBUTING\.md)$/
