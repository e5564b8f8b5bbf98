import type { Recipe } from '../recipe.ts'
import type { RankedFile } from '../retrieve/name-files.ts'

/**
 * Gives the role `read` to files that new files of the recipe are to look like, unless they have another role. Such
 * files that were not ranked come last. How often a new file was created: docs/results.md#recipes. Other files that
 * will be read cannot be predicted: docs/tried.md. Pure; linear.
 */
export function withFilesToRead(files: readonly RankedFile[], recipe: Recipe | null): readonly RankedFile[] {
  const why = new Map(
    recipe?.steps.flatMap(({ isNew, model, place, held }) =>
      isNew && model !== null
        ? [[model, `${held} of ${recipe.commits.length} such commits made a new ${place} like it`] as const]
        : [],
    ),
  )
  const ranked = new Set(files.map(({ path }) => path))
  const others = [...why.keys()].filter((path) => !ranked.has(path))
  return [...files, ...others.map((path) => ({ path, score: 0, role: 'maybe' as const, why: [] }))].map((file) => {
    const own = why.get(file.path)
    return own && file.role === 'maybe' ? { ...file, role: 'read' as const, why: [own, ...file.why] } : file
  })
}
