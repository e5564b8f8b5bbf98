import { toJSONSchema } from 'zod'
import { readAsset } from '../../src/assets.ts'
import { UserError } from '../../src/errors.ts'
import type { Tool } from '../../src/loop/tool.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Usage } from '../../src/types.ts'
import { type ImplementPlace, implement } from '../library/implement.ts'
import { FileNumbers } from '../mcp/file-numbers.ts'
import { IMPLEMENT_CHANGE, requestIn, sayImplemented } from '../mcp/implement-change.ts'
import type { Tool as ServedTool } from '../mcp/tool.ts'
import { TOOLS } from '../mcp/tools.ts'

export interface ServedOptions {
  readonly repo: Repo
  readonly store: Store
  readonly worktree: number
  readonly maxFileBytes: number
  readonly packTokens: number
  readonly signal: AbortSignal
}

/** What a client shows its model of the server. */
export const INSTRUCTIONS = () => readAsset('agents/mcp/instructions.md').trim()

/** The same of a server that implements. */
export const IMPLEMENTING = () => readAsset('agents/mcp/instructions-implement.md').trim()

/** The tools of `repose mcp`, as a foreign agent has them: called in this process, over the working tree `root` that it edits. */
export function servedTools(root: string, { repo, ...options }: ServedOptions): readonly Tool[] {
  const index = { ...options, repo: { ...repo, root }, numbers: new FileNumbers(), lastRequest: { words: null } }
  return TOOLS.map((tool) => ({
    name: tool.name,
    description: tool.description,
    parameters: toJSONSchema(tool.input) as Tool['parameters'],
    async run(input) {
      const parsed = tool.input.safeParse(input)
      if (!parsed.success) return { text: `error: ${parsed.error.message}` }
      return { text: await answer(tool, parsed.data, index) }
    },
  }))
}

async function answer(tool: ServedTool, input: unknown, index: Parameters<ServedTool['answer']>[1]): Promise<string> {
  try {
    return (await tool.answer(input, index)).text
  } catch (error) {
    if (error instanceof UserError) return `error: ${error.message}`
    throw error
  }
}

/** implement_change, in this process: repose's agent changes the working tree `root`. onUsage: told what each call used. */
export function implementTool(
  root: string,
  { repo, onUsage, ...place }: Omit<ImplementPlace, 'isForeign' | 'onlyCaged'> & { onUsage(usage: Usage): void },
): Tool {
  const { name, description, input } = IMPLEMENT_CHANGE
  return {
    name,
    description,
    parameters: toJSONSchema(input) as Tool['parameters'],
    async run(given) {
      const parsed = input.safeParse(given)
      if (!parsed.success) return { text: `error: ${parsed.error.message}` }
      const here = { ...place, repo: { ...repo, root }, isForeign: true, onlyCaged: true }
      const result = await implement(requestIn(parsed.data), { apply: true, checks: [] }, here, () => {})
      onUsage(result.usage)
      return { text: (await sayImplemented({ result })).text }
    },
  }
}
