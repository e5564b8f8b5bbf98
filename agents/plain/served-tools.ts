import { toJSONSchema } from 'zod'
import { UserError } from '../../src/errors.ts'
import type { Tool } from '../../src/loop/tool.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Usage } from '../../src/types.ts'
import { type ImplementPlace, implement } from '../library/implement.ts'
import { IMPLEMENT_CHANGE, requestIn, sayImplemented } from '../mcp/implement-change.ts'
import type { Tool as ServedTool } from '../mcp/tool.ts'
import { TOOLS } from '../mcp/tools.ts'
import { FileNumbers } from '../served/file-numbers.ts'

export interface ServedOptions {
  readonly repo: Repo
  readonly store: Store
  readonly worktree: number
  readonly maxFileBytes: number
  readonly packTokens: number
  readonly signal: AbortSignal
}

/** The tools of `repose mcp`, as a foreign agent has them: called in this process, over the working tree `root` that it edits. */
export function servedTools(root: string, { repo, ...options }: ServedOptions): readonly Tool[] {
  const index = { ...options, repo: { ...repo, root }, numbers: new FileNumbers(), lastRequest: { words: null } }
  return TOOLS.map((tool) => calledHere(tool, async (input) => (await tool.answer(input, index)).text))
}

/** implement_change in this process: repose's agent changes the working tree `root`. onUsage: called with the usage of each change. */
export function implementTool(
  root: string,
  { repo, onUsage, ...place }: Omit<ImplementPlace, 'isForeign' | 'onlyCaged'> & { onUsage(usage: Usage): void },
): Tool {
  const here = { ...place, repo: { ...repo, root }, isForeign: true, onlyCaged: true }
  return calledHere(IMPLEMENT_CHANGE, async (input) => {
    const result = await implement(requestIn(input), { apply: true, checks: [] }, here, () => {})
    onUsage(result.usage)
    return (await sayImplemented({ result }, root)).text
  })
}

/** A tool of the server for the loop of an agent: errors that a user can act on are answers. */
function calledHere(
  { name, description, input }: Pick<ServedTool, 'name' | 'description' | 'input'>,
  answer: (input: unknown) => Promise<string>,
): Tool {
  return {
    name,
    description,
    parameters: toJSONSchema(input) as Tool['parameters'],
    async run(given) {
      const parsed = input.safeParse(given)
      if (!parsed.success) return { text: `error: ${parsed.error.message}` }
      try {
        return { text: await answer(parsed.data) }
      } catch (error) {
        if (error instanceof UserError) return { text: `error: ${error.message}` }
        throw error
      }
    },
  }
}
