import { isSource } from '../paths.ts'
import { listTree } from '../repo/list-tree.ts'
import { missingContents } from '../repo/missing-contents.ts'

/**
 * The base commits of these features for which this clone lacks contents of source files. One git process a feature,
 * and one more. Fetches nothing; git before 2.44 fetches missing ignore and attribute files all the same.
 */
export async function lackingBases(
  root: string,
  features: readonly { readonly base: string }[],
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const sources = new Map<string, readonly string[]>()
  for (const { base } of features) {
    signal?.throwIfAborted()
    const { files } = await listTree(root, base)
    sources.set(
      base,
      files.filter(({ path }) => isSource(path)).map(({ blob }) => blob),
    )
  }
  const missing = await missingContents(root, [...sources.values()].flat(), { signal })
  return new Set([...sources].flatMap(([base, blobs]) => (blobs.some((blob) => missing.has(blob)) ? [base] : [])))
}
