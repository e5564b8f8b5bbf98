import { isInputRequiredResult, type McpServer } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { IMPLEMENT_CHANGE, requestIn, sayImplemented } from '../../agents/mcp/implement-change.ts'
import { redactSecrets } from '../../src/secrets/find-secrets.ts'
import { cleanValue } from '../../src/secrets/without-secrets.ts'
import type { ClientFolders } from './client-folders.ts'
import type { Implementing } from './implementing.ts'
import { stepsOf } from './progress-of.ts'
import { meant, type Repositories } from './repositories.ts'
import { failedCall } from './say-failure.ts'

const WRITES = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true } as const

interface Connection {
  readonly repositories: Repositories
  readonly folders: ClientFolders
  readonly era: 'legacy' | 'modern'
  readonly onBug: (error: unknown) => void
}

/** Adds the tool that implements a change. */
export function addImplement(
  server: McpServer,
  implementing: Implementing,
  { repositories, folders, era, onBug }: Connection,
): void {
  const { name, title, description, input, output } = IMPLEMENT_CHANGE
  server.registerTool(
    name,
    {
      ...{ title, description, outputSchema: output, annotations: WRITES },
      inputSchema: input.extend({ repository: z.string().optional() }),
    },
    async (given, ctx) => {
      try {
        const chosen = await folders.of(server.server, era, ctx)
        if (isInputRequiredResult(chosen)) return chosen
        const { repo } = meant(await repositories.of(chosen), given.repository)
        const waited = await implementing.implement(repo, requestIn(given), ctx.mcpReq.signal, stepsOf(ctx))
        const { text, data } = await sayImplemented(waited, repo.root)
        return {
          content: [{ type: 'text', text: await redactSecrets(text) }],
          structuredContent: cleanValue({ ...data }),
        }
      } catch (error) {
        return await failedCall(error, ctx.mcpReq.signal, onBug)
      }
    },
  )
}
