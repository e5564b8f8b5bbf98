import { realpath } from 'node:fs/promises'
import { readAsset } from '../../src/assets.ts'
import { addUsage, NO_USAGE } from '../../src/llm/meter.ts'
import { type LoopStyle, runAgent } from '../../src/loop/run-agent.ts'
import type { Tool } from '../../src/loop/tool.ts'
import { type RunOptions, withRun } from '../../src/loop/with-run.ts'
import type { SecretKeeper } from '../../src/secrets/secret-keeper.ts'
import { inTags } from '../../src/text/in-tags.ts'
import type { Changes, Message, StopReason, Usage } from '../../src/types.ts'
import { plainTools } from './tools.ts'

export interface PlainOptions
  extends Pick<RunOptions, 'repo' | 'llm' | 'ledger' | 'at' | 'budgetTokens' | 'signal' | 'recorded' | 'onProgress'> {
  /** Most calls. */
  readonly steps: number
  /** Tools of a server beside its own, over the working tree that it edits; what the server says of them; usage of the model by these tools. */
  readonly served?: { readonly says: string; toolsOf(root: string): readonly Tool[]; usage(): Usage }
  /** Larger files are neither shown nor edited. */
  readonly maxFileBytes?: number
}

export interface PlainResult extends Changes {
  readonly request: string
  readonly stop: StopReason
  readonly reason: string | null
  readonly usage: Usage
  /** The part of `usage` that is of the server's tools. */
  readonly servedUsage: Usage
  readonly transcript: string
}

const LEAST_OUTPUT = 200 // tokens; its steps are tool calls of about a hundred

/** Like usual agents, it sends everything again with each call, and ends only when it says so or its steps are used up. */
const USUAL: LoopStyle = {
  folds: false,
  mostIdle: Infinity,
  stepCount: (step, of) => `[Step: ${step}/${of}]`,
  callATool: 'Call a tool; call done when finished.',
}

/**
 * Implements a request as a usual coding agent does: without pack or index, it finds files by listing, searching and reading. It is the
 * baseline for repose. It works in a worktree of its own, which is removed before this returns; `changes` lists the files that it
 * touched. Whatever the model does is a result. Throws UserError if a worktree cannot be opened.
 */
export async function runPlainAgent(words: string, options: PlainOptions): Promise<PlainResult> {
  const { steps: maxSteps, signal, maxFileBytes, served } = options
  const ofRun = { kind: 'plain', leastOutput: LEAST_OUTPUT, steps: Infinity, isOneConversation: true } as const
  return withRun(words, { ...options, ...ofRun }, async (run) => {
    const { request, worktree, secrets, permission, transcript } = run
    const root = await realpath(worktree.root)
    const tools = [...plainTools(root, { secrets, permission, maxFileBytes }), ...(served?.toolsOf(root) ?? [])]
    const { stop: ended, reason = null } = await runAgent({
      ask: run.ask,
      messages: firstMessages(request, maxSteps, served?.says),
      tools: tools.map((tool) => withoutSecrets(tool, secrets)),
      maxSteps,
      style: USUAL,
    })
    const stop = signal.aborted ? 'interrupted' : ended
    const changes = await worktree.changes()
    run.ended({ stop, opened: [], changed: [...changes.modified, ...changes.created, ...changes.deleted] })
    const servedUsage = served?.usage() ?? NO_USAGE
    const usage = addUsage(run.usage(), servedUsage)
    const result = { request, stop, reason, ...changes, usage, servedUsage, transcript: transcript.path }
    transcript.note('end', result)
    return result
  })
}

/** The same tool; secrets of any file that was read are removed from what it returns. */
function withoutSecrets(tool: Tool, { redact }: SecretKeeper): Tool {
  return {
    ...tool,
    async run(input) {
      const result = await tool.run(input)
      return { ...result, text: await redact(result.text) }
    },
  }
}

/** The prompts of the plain agent, as they would be sent for this request. */
function firstMessages(request: string, steps: number, served = ''): readonly Message[] {
  const own = readAsset('agents/plain/prompt.md').trim().replaceAll('{steps}', String(steps))
  return [
    { role: 'system', content: served === '' ? own : `${own}\n\n${served}` },
    { role: 'user', content: `Feature request:\n${inTags('request', request)}` },
  ]
}
