import { readAsset } from '../assets.ts'
import { code } from './markdown-text.ts'
import { recipeText } from './recipe-text.ts'
import type { RepositoryFacts } from './repository-facts.ts'

export const SKILL = 'repose' // its name, which its folder must have: agentskills.io/specification

const MOST_RECIPES = 20
const MOST_STEPS = 12

/** A skill in the format of agentskills.io, as texts by their path in its folder: how to use the command line, and what is usual here. */
export function skill(facts: RepositoryFacts): ReadonlyMap<string, string> {
  const usual = usualChanges(facts)
  const more =
    usual === null
      ? ''
      : '\nHow this repository builds, tests and usually changes: [references/this-repository.md](references/this-repository.md).\n'
  return new Map([
    ['SKILL.md', `${readAsset('src/exports/skill.md').trimEnd()}\n${more}`],
    ...(usual === null ? [] : ([['references/this-repository.md', usual]] as const)),
  ])
}

function usualChanges({ checks, recipes }: RepositoryFacts): string | null {
  const found = checks()
  const commands = found.checks.map(({ command, from }) => `- ${code(command)} (${code(from)})`)
  const also = found.also.map((command) => `- ${code(command)}`)
  const lines = recipes.slice(0, MOST_RECIPES).map((recipe) => `- ${recipeText(recipe, MOST_STEPS)}`)
  if (commands.length + also.length + lines.length === 0) return null
  return [
    '# This repository',
    ...(commands.length + also.length > 0 ? ['## Build and test', [...commands, ...also].join('\n')] : []),
    ...(lines.length > 0 ? ['## What past commits usually changed together', lines.join('\n')] : []),
    '',
  ]
    .join('\n\n')
    .replace(/\n\n$/, '\n')
}
