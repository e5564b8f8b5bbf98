import { isInputRequiredResult, McpServer } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { instructions } from '../../agents/mcp/instructions.ts'
import { TOOLS } from '../../agents/mcp/tools.ts'
import type { Freshness } from '../../agents/served/served-repo.ts'
import { readAsset } from '../../src/assets.ts'
import { redactSecrets } from '../../src/secrets/find-secrets.ts'
import { cleanValue } from '../../src/secrets/without-secrets.ts'
import { addImplement } from './add-implement.ts'
import type { ClientFolders } from './client-folders.ts'
import type { Implementing } from './implementing.ts'
import { progressOf } from './progress-of.ts'
import { meant, type Repositories } from './repositories.ts'
import { failedCall } from './say-failure.ts'
import { addSummaries } from './summary-resources.ts'

export interface ServerOptions {
  readonly version: string
  readonly repositories: Repositories
  readonly folders: ClientFolders
  /** Of the protocol: 'modern' from 2026-07-28 on. */
  readonly era: 'legacy' | 'modern'
  /** Absent: no tool writes or asks a model. */
  readonly implementing?: Implementing | undefined
  /** Called with an unexpected error, for the person who runs the server. */
  readonly onBug: (error: unknown) => void
}

const READS_ONLY = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false } as const

/** A server for one connection. All of them share the repositories. */
export function makeServer(options: ServerOptions): McpServer {
  const { version, folders, implementing } = options
  const server = new McpServer(
    { name: 'repose', version },
    {
      instructions: instructions(implementing !== undefined),
      capabilities: { tools: {}, resources: {}, prompts: {} },
    },
  )
  server.server.setNotificationHandler('notifications/roots/list_changed', () => folders.forget())
  // only when all its folders are known: a git that lies in one of them must not be started
  server.server.oninitialized = () => folders.first(server.server).then((known) => options.repositories.warm(known))
  if (implementing) addImplement(server, implementing, options)
  for (const tool of TOOLS)
    server.registerTool(
      tool.name,
      {
        title: tool.title,
        description: tool.description,
        inputSchema: tool.input.extend({ repository: z.string().optional() }),
        outputSchema: tool.output,
        annotations: READS_ONLY,
      },
      async (input, ctx) => {
        try {
          const chosen = await folders.of(server.server, options.era, ctx)
          if (isInputRequiredResult(chosen)) return chosen
          const { repo } = meant(await options.repositories.of(chosen), input.repository as string | undefined)
          const { result, freshness } = await repo.answer((index) => tool.answer(input, index), ctx.mcpReq.signal, {
            onProgress: progressOf(ctx),
            mayRepeat: true,
          })
          return {
            content: [{ type: 'text', text: await redactSecrets(`${sayBehind(freshness)}${result.text}`) }],
            structuredContent: cleanValue({ ...result.data }), // also names of files may hold one
            _meta: metaOf(freshness, result.isStale ?? false),
          }
        } catch (error) {
          return await failedCall(error, ctx.mcpReq.signal, options.onBug)
        }
      },
    )
  addSummaries(server, options.repositories, folders, options.onBug)
  server.registerPrompt(
    'implement-feature',
    {
      title: 'Implement a feature',
      description: 'Leads an agent through a change in few turns.',
      argsSchema: z.object({ request: z.string().describe('what is wanted') }),
    },
    ({ request }) => ({
      messages: [{ role: 'user', content: { type: 'text', text: promptFor(request, implementing !== undefined) } }],
    }),
  )
  return server
}

function promptFor(request: string, isDelegated: boolean): string {
  return readAsset(`agents/mcp/${isDelegated ? 'hand-over' : 'implement'}-feature.md`)
    .trim()
    .replace('{{request}}', () => request.trim())
}

function sayBehind({ behind }: Freshness): string {
  return behind === null ? '' : `(These facts may be behind the files: ${behind}.)\n\n`
}

/** What a client may know of an answer: the commit, when the facts last changed, and whether any of it is stale. */
function metaOf({ head, changedAt, behind }: Freshness, isStale: boolean) {
  return {
    'repose/index': {
      head,
      factsChangedAt: changedAt === null ? null : new Date(changedAt).toISOString(),
      factsAgeSeconds: changedAt === null ? null : Math.max(0, Math.round((Date.now() - changedAt) / 1000)),
      isStale: isStale || behind !== null,
    },
  }
}
