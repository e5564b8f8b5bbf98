import { MOST_CALLS, TOO_MANY_CALLS, type Tool } from '../../src/loop/tool.ts'
import { parseJson } from '../../src/text/parse-json.ts'
import type { LlmReply, Message, StopReason, ToolCall } from '../../src/types.ts'

export interface PlainLoopOptions {
  readonly ask: (messages: readonly Message[]) => Promise<LlmReply>
  readonly messages: readonly Message[]
  readonly tools: readonly Tool[]
  /** Most calls. */
  readonly steps: number
  /** Removes secrets from what goes to the model. */
  readonly clean: (text: string) => Promise<string>
}

/**
 * The loop of a usual agent: call the model, run every tool that it called, add the results and the step count, repeat. Unlike
 * src/loop/run-agent.ts it folds nothing: like usual agents, it sends everything again with each call. The prefix stays the same, so
 * the provider's cache hits.
 */
export async function runPlainLoop(options: PlainLoopOptions): Promise<{ stop: StopReason; reason?: string }> {
  const messages = [...options.messages]
  for (let step = 1; step <= options.steps; step++) {
    const reply = await options.ask([...messages])
    if (reply.stop === 'aborted') return { stop: 'interrupted' }
    if (reply.failure === 'budget') return { stop: 'out-of-budget', reason: reply.message }
    if (reply.stop === 'failed' || reply.stop === 'length')
      return { stop: 'model-failed', reason: reply.message ?? 'the reply was cut off' }
    const { content, toolCalls } = reply
    messages.push({ role: 'assistant', content, ...(toolCalls.length > 0 ? { toolCalls } : {}) })
    const count = `[Step: ${step}/${options.steps}]`
    if (toolCalls.length === 0)
      messages.push({ role: 'user', content: `${count} Call a tool; call done when finished.` })
    let isOver = false
    for (const [at, call] of toolCalls.entries()) {
      const { text, ends } = at < MOST_CALLS ? await runTool(call, options.tools) : { text: TOO_MANY_CALLS }
      messages.push({ role: 'tool', toolCallId: call.id, content: `${await options.clean(text)}\n${count}` })
      isOver ||= ends === true
    }
    if (isOver) return { stop: 'done' }
  }
  return { stop: 'out-of-turns' }
}

async function runTool(call: ToolCall, tools: readonly Tool[]): Promise<{ text: string; ends?: boolean }> {
  const tool = tools.find(({ name }) => name === call.name)
  if (!tool) return { text: `error: there is no tool '${call.name}'` }
  try {
    const input = parseJson(call.arguments || '{}')
    if (input === null || typeof input !== 'object' || Array.isArray(input))
      return { text: 'error: the arguments must be a JSON object' }
    return await tool.run(input as Record<string, unknown>)
  } catch (error) {
    if (error instanceof SyntaxError) return { text: `error: the arguments are not JSON: ${error.message}` }
    throw error
  }
}
