import { redactSecrets } from '../secrets/find-secrets.ts'
import { traced } from '../trace.ts'
import type { Llm, LlmReply, Usage } from '../types.ts'

/** Nothing sent, nothing paid. */
export const NO_USAGE: Usage = { calls: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, usd: 0 }

export interface MeteredCall {
  readonly purpose: string
  readonly model: string
  readonly usage: Usage
  readonly stop: LlmReply['stop']
  /** From request to reply, waits between attempts included. */
  readonly ms: number
  /** Time of the request; milliseconds since 1970. */
  readonly at: number
}

/**
 * Wraps a model: everything sent passes through `redact`, and every call, including failed and aborted ones, is reported to `onCall` before
 * its reply is returned. Calls that throw (a bug), that a budget prevented, that were
 * left with the Batch API, or whose reply was known are not reported.
 *
 * redact: removes secrets from a text. It is the last safeguard: whoever cuts a text must redact it before.
 */
export function meteredLlm(
  llm: Llm,
  onCall: (call: MeteredCall) => void,
  redact: (text: string) => Promise<string> = redactSecrets,
): Llm {
  return {
    model: llm.model,
    async complete(request, signal) {
      const messages = await Promise.all(
        request.messages.map(async (message) => ({ ...message, content: await redact(message.content) })),
      )
      const at = Date.now()
      const start = performance.now()
      let said = ''
      const reply = await traced(
        () => `${llm.model}, purpose ${request.purpose}: ${said || 'threw'}`,
        async () => {
          const given = await llm.complete({ ...request, messages }, signal)
          said = `${given.stop}, ${given.usage.inputTokens} tokens in, ${given.usage.outputTokens} out`
          return given
        },
      )
      const ms = performance.now() - start
      if (reply.usage.calls === 0 && (reply.failure === 'budget' || reply.stop === 'done')) return reply
      if (reply.failure === 'deferred') return reply
      onCall({ purpose: request.purpose, model: llm.model, usage: reply.usage, stop: reply.stop, ms, at })
      return reply
    },
  }
}

/** Adds two usages. If one price is unknown, so is the sum's (null). */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    usd: a.usd === null || b.usd === null ? null : a.usd + b.usd,
  }
}
