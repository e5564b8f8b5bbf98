import type { RankedFile } from '../../src/retrieve/name-files.ts'
import type { FileSize } from '../../src/store/facts.ts'
import type { RepoPath } from '../../src/types.ts'

const SURE = 0.7 // probability of the likeliest file
const POSSIBLE = 0.1
const FEW = 4.5 // expected number of changed files
const COVERED = 0.7 // of them
const AT_ONCE = 250 // lines of all of them

/**
 * Files to show with the list, which saves the call that would name them: the likely files, if few are expected to change and they are
 * small; else none. files: best first. sizesOf: their lengths. A file without a length, or a generated one, is not shown.
 */
export function sureFiles(
  files: readonly Pick<RankedFile, 'path' | 'score'>[],
  sizesOf: (paths: readonly RepoPath[]) => ReadonlyMap<RepoPath, Pick<FileSize, 'lines' | 'isGenerated'>>,
): readonly RepoPath[] {
  if ((files[0]?.score ?? 0) < SURE) return []
  const possible = files.filter(({ score }) => score >= POSSIBLE)
  const sizes = sizesOf(possible.map(({ path }) => path))
  let left = AT_ONCE
  const fitting = possible.filter(({ path }) => {
    const size = sizes.get(path)
    if (!size || size.isGenerated || size.lines > left) return false
    left -= size.lines
    return true
  })
  const expected = (some: typeof possible) => some.reduce((sum, { score }) => sum + score, 0)
  const isSure = expected(possible) <= FEW && expected(fitting) >= COVERED * expected(possible)
  return isSure ? fitting.map(({ path }) => path) : []
}
