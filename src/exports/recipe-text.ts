import type { Recipe, RecipeStep } from '../recipe.ts'
import { code, prose } from './markdown-text.ts'

/** A recipe as one line of Markdown, without counts, which every commit would change. */
export function recipeText({ name, by, steps }: Recipe, mostSteps: number): string {
  const shown = steps.slice(0, mostSteps)
  const made = shown.filter(({ isNew }) => isNew).map(placeText)
  const changed = shown.filter(({ isNew }) => !isNew).map(placeText)
  const parts = [
    ...(made.length > 0 ? [`make ${made.join(', ')}`] : []),
    ...(changed.length > 0 ? [`change ${changed.join(', ')}`] : []),
  ]
  return `${by === 'habit' ? 'any feature' : prose(name)}: ${parts.join('; ')}`
}

function placeText({ place, isPattern, model }: RecipeStep): string {
  return isPattern && model !== null ? `${code(place)} like ${code(model)}` : code(place)
}
