import { buildTree, RESOLVERS } from '../../../src/graph/resolve/index.ts'

/** Files of a small tree: path -> text. */
export type Files = Readonly<Record<string, string>>

/** [importing file, specifier, targets]; a target that is a guess begins with '~', and '' means none. */
export type Case = readonly [from: string, specifier: string, targets: string]

/** The files of that name, all empty. */
export function files(...paths: readonly string[]): Files {
  return Object.fromEntries(paths.map((path) => [path, '']))
}

/** Resolves one specifier in a tree and writes the result as a Case does. */
export function resolveIn(language: string, tree: Files, from: string, specifier: string): string {
  const resolve = RESOLVERS[language]!.create(buildTree(Object.keys(tree), (path) => tree[path] ?? null))
  return resolve(from, specifier)
    .map(({ path, certainty }) => (certainty === 'resolved' ? path : `~${path}`))
    .join(' ')
}
