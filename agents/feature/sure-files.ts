import type { RankedFile } from '../../src/retrieve/name-files.ts'
import type { FileSize } from '../../src/store/facts.ts'
import type { RepoPath } from '../../src/types.ts'

const SURE = 0.7 // probability of the likeliest
const POSSIBLE = 0.1
const FEW = 4.5 // files that are expected to change
const COVERED = 0.7 // of them
const AT_ONCE = 250 // lines of all of them

/**
 * The files to show with the list, so that no call goes into naming them: the likely ones, where few are expected to change and
 * they are small; otherwise none. files: best first. sizesOf: their lengths; a file without one, or that a tool writes, is not shown.
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
