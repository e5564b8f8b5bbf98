import type { Recipe } from '../recipe.ts'
import type { RankedFile } from '../retrieve/name-files.ts'

/**
 * The ranked files, of which those that a new file of the recipe is to look like are to `read`, unless they are named for another role; what was
 * not ranked comes last. How often such a new file was made: docs/results.md#recipes. (What else will be read cannot be told: docs/tried.md.)
 * Pure; linear.
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
