import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse as parseToml } from 'smol-toml'
import { parse as parseYaml } from 'yaml'
import { asObject, type JsonObject, parseLooseJson } from '../graph/resolve/loose-json.ts'
import type { RepoPath } from '../types.ts'

const MOST_BYTES = 1_000_000

/** A folder with the files that git tracks or would track, as those look at it who want to know how it is tested. */
export interface Project {
  /** Absolute. */
  readonly folder: string
  /** From the folder. */
  readonly paths: readonly RepoPath[]
  has(path: RepoPath): boolean
  /** The first path that matches. */
  find(pattern: RegExp): RepoPath | undefined
  /** null: there is no such file, it is no regular one, or it is larger than 1 MB. */
  text(path: RepoPath): string | null
  /** What such a file says, {} where it says nothing that can be read; comments in JSON do not count. */
  json(path: RepoPath): JsonObject
  toml(path: RepoPath): JsonObject
  yaml(path: RepoPath): JsonObject
}

export function openProject(folder: string, paths: readonly RepoPath[]): Project {
  const known = new Set(paths)
  const text = (path: RepoPath) => {
    if (!known.has(path)) return null
    const absolute = join(folder, path)
    const stats = lstatSync(absolute, { throwIfNoEntry: false })
    return stats?.isFile() && stats.size <= MOST_BYTES ? readFileSync(absolute, 'utf8').replace(/^\uFEFF/, '') : null
  }
  const parsed = (parse: (text: string) => unknown) => (path: RepoPath) => {
    try {
      return asObject(parse(text(path) ?? '')) ?? {}
    } catch {
      return {} // somebody's work in progress, or meant for another parser: as good as not there
    }
  }
  return {
    folder,
    paths,
    has: (path) => known.has(path),
    find: (pattern) => paths.find((path) => pattern.test(path)),
    text,
    json: parsed(parseLooseJson),
    toml: parsed(parseToml),
    yaml: parsed((source) => parseYaml(source)),
  }
}

/** A value within tables: sectionOf(pyproject, 'tool', 'poetry'); {} where there is none. */
export function sectionOf(value: JsonObject, ...keys: readonly string[]): JsonObject {
  return keys.reduce<JsonObject>((section, key) => asObject(section[key]) ?? {}, value)
}
