import type { Store } from '../store/open-store.ts'
import type { RepoPath } from '../types.ts'
import type { KnownFile } from './repository-facts.ts'

/** Which of some files import which others of them. */
export interface ImportGraph {
  importsOf(path: RepoPath): readonly RepoPath[]
  importersOf(path: RepoPath): readonly RepoPath[]
}

/** Reads the imports between these files. Imports that are only guessed by a name are left out. */
export function importGraph(store: Store, files: readonly KnownFile[]): ImportGraph {
  const among = new Set(files.map(({ path }) => path))
  const imports = new Map<RepoPath, RepoPath[]>()
  const importers = new Map<RepoPath, RepoPath[]>()
  const found = store.facts.importsOf(files.map(({ id }) => id))
  for (const { id, path } of files)
    for (const { path: to, certainty } of found.get(id) ?? []) {
      if (certainty !== 'resolved' || to === path || !among.has(to)) continue
      imports.set(path, [...(imports.get(path) ?? []), to])
      importers.set(to, [...(importers.get(to) ?? []), path])
    }
  return { importsOf: (path) => imports.get(path) ?? [], importersOf: (path) => importers.get(path) ?? [] }
}

/** Imports between groups of files. groupOf: null leaves a file out. */
export function edgesBetween(
  files: readonly { readonly path: RepoPath }[],
  graph: ImportGraph,
  groupOf: (path: RepoPath) => string | null,
): { readonly from: string; readonly to: string; readonly times: number }[] {
  const times = new Map<string, { from: string; to: string; times: number }>()
  for (const { path } of files)
    for (const imported of graph.importsOf(path)) {
      const [from, to] = [groupOf(path), groupOf(imported)]
      if (from === null || to === null || from === to) continue
      const key = JSON.stringify([from, to])
      const edge = times.get(key) ?? { from, to, times: 0 }
      edge.times++
      times.set(key, edge)
    }
  return [...times.values()]
}
