import type { FileSize } from '../../store/facts.ts'
import type { RepoPath } from '../../types.ts'
import type { Hit, Hits } from '../signal.ts'

/** How long a file is and how many others it imports: no evidence, but large and busy files are changed more often. Linear in the candidates. */
export function sizeHits(
  candidates: Iterable<RepoPath>,
  sizes: ReadonlyMap<RepoPath, FileSize | null>,
): { readonly lines: Hits; readonly fanOut: Hits } {
  const lines = new Map<RepoPath, Hit>()
  const fanOut = new Map<RepoPath, Hit>()
  const why = () => ''
  for (const path of candidates) {
    const size = sizes.get(path)
    if (!size) continue
    lines.set(path, { score: Math.log(1 + size.lines), why })
    fanOut.set(path, { score: Math.log(1 + size.imports), why })
  }
  return { lines, fanOut }
}
