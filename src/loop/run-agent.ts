import { parseJson } from '../text/parse-json.ts'
import type { LlmReply, Message, StopReason } from '../types.ts'
import { MOST_CALLS, TOO_MANY_CALLS, type Tool } from './tool.ts'

/** A reply. `ends`: no call was possible because of a limit of the run, and the run ends for this reason. */
export type LoopReply = LlmReply & { readonly ends?: StopReason }

export interface AgentOptions {
  readonly ask: (purpose: string, messages: readonly Message[], tools: readonly Tool[]) => Promise<LoopReply>
  readonly messages: readonly Message[]
  readonly tools: readonly Tool[]
  readonly maxSteps: number
  /** Default: `FRUGAL`. */
  readonly style?: LoopStyle
}

/** How the loop keeps the conversation, and what it says to the model itself. */
export interface LoopStyle {
  /** Long results of earlier steps are cut short. Otherwise everything is sent again with each call, and a provider's cache hits. */
  readonly folds: boolean
  /** The run ends after this many replies in a row that call no tool. */
  readonly mostIdle: number
  /** '[step 3 of 24]', after every result. */
  stepCount(step: number, of: number): string
  /** Answer to a reply that calls no tool. */
  readonly callATool: string
}

/** Advice to the user when the model is too weak for the task. */
export const NAME_STRONGER = 'name a stronger model (--model or REPOSE_MODEL); the transcript holds what it replied'
/** Advice for a reply that was cut off. */
export const NAME_LONGER =
  'ask for less at once, or name a model that may reply at greater length (--model or REPOSE_MODEL)'

/** After this many replies in a row without progress, the run ends with this reason. */
export const MOST_IDLE = 3
export const IDLE_REASON = `the model made no edit in ${MOST_IDLE} replies in a row`

const FRUGAL: LoopStyle = {
  folds: true,
  mostIdle: MOST_IDLE,
  stepCount: (step, of) => `[step ${step} of ${of}]`,
  callATool: 'Call a tool; call done when you are finished.',
}

const MOST_REPLY = 200_000 // characters; all that is kept of a conversation is counted and searched for secrets at each call
const MOST_RESULTS = 400_000 // characters of the results of one reply: about 100,000 tokens of code
const TOO_MUCH = 'not shown: the results of one reply are too long together; ask for less at once'
const FOLD_AFTER = 3 // steps; an older result has been used or never will be
const FOLD_LONGER = 600 // characters

/**
 * The loop of every agent with tools: call the model, run the requested tools, return the results and the step count. It ends when a tool
 * ends it, or by `style` after several replies in a row that call no tool.
 */
export async function runAgent(
  options: AgentOptions,
): Promise<{ stop: StopReason; steps: number; reason?: string; fix?: string }> {
  const { tools, maxSteps, style = FRUGAL } = options
  let messages = [...options.messages]
  const results: { at: number; step: number }[] = []
  let idle = 0 // replies in a row that call no tool
  for (let step = 1; step <= maxSteps; step++) {
    const reply = await options.ask('step', [...messages], tools)
    if (reply.stop === 'aborted') return { stop: 'interrupted', steps: step }
    if (reply.stop === 'failed' || reply.stop === 'length')
      return {
        stop: reply.ends ?? 'model-failed',
        steps: step,
        reason: reply.message ?? 'the reply was cut off',
        fix: reply.fix ?? NAME_LONGER,
      }
    const { content, toolCalls } = reply
    if (content.length + toolCalls.reduce((sum, call) => sum + call.arguments.length, 0) > MOST_REPLY)
      return {
        ...{ stop: 'model-failed', steps: step },
        ...{ reason: `a reply has more than ${MOST_REPLY} characters`, fix: NAME_STRONGER },
      }
    messages.push({ role: 'assistant', content, ...(toolCalls.length > 0 ? { toolCalls } : {}) })
    idle = toolCalls.length > 0 ? 0 : idle + 1
    if (idle === style.mostIdle) return { stop: 'out-of-turns', steps: step, reason: IDLE_REASON, fix: NAME_STRONGER }
    const count = style.stepCount(step, maxSteps)
    if (toolCalls.length === 0) messages.push({ role: 'user', content: `${count} ${style.callATool}` })
    let isOver = false
    let room = MOST_RESULTS
    for (const [at, call] of toolCalls.entries()) {
      const { text, ends } = at < MOST_CALLS ? await runTool(call, tools) : { text: TOO_MANY_CALLS }
      const shown = text.length > Math.max(room, FOLD_LONGER) ? TOO_MUCH : text
      room -= shown.length
      results.push({ at: messages.length, step })
      messages.push({ role: 'tool', toolCallId: call.id, content: `${shown}\n${count}` })
      isOver ||= ends === true
    }
    if (isOver) return { stop: 'done', steps: step }
    if (style.folds) messages = fold(messages, results, step)
  }
  const reason = `the limit of ${maxSteps} calls with tools is reached`
  return { stop: 'out-of-turns', steps: maxSteps, reason, fix: `ask for less at once, or ${NAME_STRONGER}` }
}

async function runTool(
  call: LlmReply['toolCalls'][number],
  tools: readonly Tool[],
): Promise<{ text: string; ends?: boolean }> {
  const tool = tools.find((one) => one.name === call.name)
  if (!tool) return { text: `error: there is no tool '${call.name}'` }
  let input: unknown
  try {
    input = parseJson(call.arguments || '{}')
  } catch (error) {
    return { text: `error: the arguments are not JSON: ${(error as Error).message}` }
  }
  if (input === null || typeof input !== 'object' || Array.isArray(input))
    return { text: 'error: the arguments must be a JSON object' }
  const wrong = wrongArgument(input as Record<string, unknown>, tool)
  return wrong === null ? tool.run(input as Record<string, unknown>) : { text: wrong }
}

/** The error message for an argument that is a list or an object although the tool takes a string or a number; null: no such argument. */
function wrongArgument(input: Readonly<Record<string, unknown>>, { name, parameters }: Tool): string | null {
  const { properties = {} } = parameters as { properties?: Readonly<Record<string, { type?: string }>> }
  const wrong = Object.entries(properties).find(
    ([key, { type }]) => type !== 'object' && type !== 'array' && typeof input[key] === 'object' && input[key] !== null,
  )
  return wrong ? `error: ${name} wants ${wrong[0]} as a ${wrong[1].type ?? 'string'}, not as an object or a list` : null
}

function fold(messages: readonly Message[], results: readonly { at: number; step: number }[], step: number): Message[] {
  const old = new Set(results.filter((result) => result.step <= step - FOLD_AFTER).map((result) => result.at))
  return messages.map((message, i) => {
    if (!old.has(i) || message.content.length <= FOLD_LONGER) return message
    return { ...message, content: `${message.content.slice(0, 200)}\n(folded: ask again if you need it)` }
  })
}
