import type { RepoPath } from '../../types.ts'
import { byFolder, guessed, guessNearest, proven, type Resolver } from './resolver.ts'
import type { Tree } from './tree.ts'

/** Maximum number of trailing segments that are members or nested classes: `import static a.B.C.member`. */
const MEMBER_DEPTH = 2

/**
 * Java: a qualified name to the file of its outermost class, in any source root; 'a.b.*' to the files of that package. Proven if one file
 * matches.
 */
export const java: Resolver = jvmResolver(['.java'])

/** Scala: like Java, over .scala and .java files. Only by name, because a Scala file need not be named after its content. */
export const scala: Resolver = jvmResolver(['.scala', '.java'], 'by-name')

/** Kotlin and Groovy: like Scala. */
export const kotlin: Resolver = jvmResolver(['.kt', '.java'], 'by-name')
export const groovy: Resolver = jvmResolver(['.groovy', '.java'], 'by-name')

function jvmResolver(extensions: readonly string[], certainty?: 'by-name'): Resolver {
  return {
    isConfig: () => false,
    create: (tree) =>
      byFolder((folder, specifier) => {
        const isWildcard = /\.[*_]$/.test(specifier)
        const segments = specifier
          .replace(/^_root_\./, '')
          .replace(/\.[*_]$/, '')
          .split('.')
        if (!segments.every((segment) => /^[\p{L}\p{N}_$]+$/u.test(segment))) return []
        const inPackage = isWildcard ? packageFiles(tree, extensions, segments) : []
        const found = inPackage.length > 0 ? inPackage : classFiles(tree, extensions, segments)
        const isProven = certainty !== 'by-name' && (inPackage.length > 0 ? segments.length > 1 : found.length === 1)
        if (isProven) return proven(...found)
        return inPackage.length > 0 ? guessed(...found) : guessNearest(folder, found)
      }),
  }
}

function packageFiles(tree: Tree, extensions: readonly string[], segments: readonly string[]): readonly RepoPath[] {
  const folders = tree.foldersWithSuffix(segments.join('/'))
  return folders
    .flatMap((folder) => tree.filesIn(folder))
    .filter((path) => extensions.some((end) => path.endsWith(end)))
}

/** A class needs a package: 'List' alone would match any file of that name. */
function classFiles(tree: Tree, extensions: readonly string[], segments: readonly string[]): readonly RepoPath[] {
  for (let dropped = 0; dropped <= MEMBER_DEPTH && segments.length - dropped >= 2; dropped++) {
    const stem = segments.slice(0, segments.length - dropped).join('/')
    const files = extensions.flatMap((extension) => tree.withSuffix(stem + extension))
    if (files.length > 0) return files
  }
  return []
}
