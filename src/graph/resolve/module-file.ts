import type { RepoPath } from '../../types.ts'
import { below, folderOf } from './paths.ts'
import type { Tree } from './tree.ts'

/** In order of trial: TypeScript before its possible output, sources before declarations. */
const EXTENSIONS = [
  ...['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'],
  ...['.d.ts', '.d.mts', '.d.cts', '.json', '.vue', '.svelte', '.astro'],
]

/** Extension in a specifier -> possible extensions of the source. */
const WRITTEN_FOR: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.jsx', '.d.ts'],
  '.jsx': ['.tsx', '.d.ts'],
  '.mjs': ['.mts', '.d.mts'],
  '.cjs': ['.cts', '.d.cts'],
}

const OUTPUT_FOLDER = /^(?:dist|build|out|output|lib|lib-out|esm|cjs|es)$|^dist-/
/** Second level of an output folder: 'build/modern/index.js', 'dist/esm/index.js'. */
const OUTPUT_FLAVOUR = /^(?:esm|cjs|es|es\d+|mjs|umd|iife|module|modern|legacy|types|node|browser|commonjs)$/
const COMPILED = /(?:\.d)?\.[cm]?[jt]sx?$/

/** The file of a module path: the path itself, with an extension added, or the index of a folder; null if there is none. */
export function moduleFile(tree: Tree, path: string): RepoPath | null {
  return fileOf(tree, path) ?? indexOf(tree, path)
}

/** moduleFile() without the folder's index. */
export function fileOf(tree: Tree, path: string): RepoPath | null {
  if (path === '') return null
  if (tree.has(path)) return path
  // Most names lead out of the tree; this one test then saves fifteen.
  if (tree.filesIn(folderOf(path)).length === 0) return null
  const dot = path.lastIndexOf('.')
  const written = dot > 0 ? WRITTEN_FOR[path.slice(dot)] : undefined
  if (written) {
    const stem = path.slice(0, dot)
    for (const extension of written) if (tree.has(stem + extension)) return stem + extension
  }
  for (const extension of EXTENSIONS) if (tree.has(path + extension)) return path + extension
  return null
}

/** The index file of a folder, or null. */
export function indexOf(tree: Tree, folder: string): RepoPath | null {
  if (tree.filesIn(folder).length === 0) return null
  const index = below(folder, 'index')
  for (const extension of EXTENSIONS) if (tree.has(index + extension)) return index + extension
  return null
}

/**
 * The probable source of a compiled file outside the tree: 'dist/esm/a.js' -> 'src/a.ts', else 'a.ts'. root: the package's folder; its own
 * name is not taken for an output folder. A guess; null if nothing matches.
 */
export function sourceOf(tree: Tree, root: string, path: string): RepoPath | null {
  const inside = root === '' ? path : path.startsWith(`${root}/`) ? path.slice(root.length + 1) : null
  if (inside === null) return null
  const segments = inside.replace(COMPILED, '').split('/')
  const output = segments.findIndex((segment) => OUTPUT_FOLDER.test(segment))
  if (output < 0) return null
  const head = below(root, segments.slice(0, output).join('/'))
  let tail = segments.slice(output + 1)
  for (;;) {
    for (const folder of ['src', 'source', '']) {
      const found = moduleFile(tree, below(below(head, folder), tail.join('/')))
      if (found) return found
    }
    if (!OUTPUT_FLAVOUR.test(tail[0] ?? '')) return null
    tail = tail.slice(1)
  }
}
