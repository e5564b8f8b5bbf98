import { readInTree } from '../../src/files/read-in-tree.ts'
import type { WholeFile } from '../../src/secrets/redact-diff.ts'
import type { RepoPath } from '../../src/types.ts'

/** Those of some files that are text in the working tree. */
export function wholeFiles(root: string, paths: readonly RepoPath[]): readonly WholeFile[] {
  return paths.flatMap((path) => {
    const text = readInTree(root, path)
    return text === null ? [] : [{ path, text }]
  })
}
