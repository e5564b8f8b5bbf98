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
  /** From the request to the reply, waits between attempts included. */
  readonly ms: number
  /** The request; milliseconds since 1970. */
  readonly at: number
}

/**
 * The way to a model: what is sent goes through `redact`, whoever wrote it, and every call is reported to `onCall`, failed and aborted ones too, before
 * the reply is handed on. A call that throws (a bug), and one that a budget did not let be made, is not reported.
 *
 * redact: leaves secrets out of a text. It is the last net: what is cut off from a text has gone through it, or its like, before.
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
      if (reply.failure === 'budget' && reply.usage.calls === 0) return reply
      onCall({ purpose: request.purpose, model: llm.model, usage: reply.usage, stop: reply.stop, ms, at })
      return reply
    },
  }
}

/** The sum of two usages. One unknown price makes the sum's price unknown (null). */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    usd: a.usd === null || b.usd === null ? null : a.usd + b.usd,
  }
}
