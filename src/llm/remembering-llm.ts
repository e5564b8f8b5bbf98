import { createHash } from 'node:crypto'
import type { Llm, LlmReply } from '../types.ts'
import { NO_USAGE } from './meter.ts'

export interface ReplyMemory {
  /** null: none is stored. */
  reply(digest: string): LlmReply | null
  keepReply(digest: string, reply: LlmReply): void
}

/**
 * Wraps a model: each complete reply is stored until the work that needs it is saved. After a crash, the same prompt gets the stored
 * reply for free, whatever the budget leaves: its usage is 0.
 */
export function rememberingLlm(llm: Llm, memory: ReplyMemory): Llm {
  return {
    model: llm.model,
    async complete(request, signal) {
      // the limit of the output is left out: what the budget leaves differs after a crash, and a whole reply fits any limit
      const { maxOutputTokens: _, ...asked } = request
      const digest = createHash('sha256')
        .update(JSON.stringify([llm.model, asked]))
        .digest('hex')
      const known = memory.reply(digest)
      if (known) return { ...known, usage: NO_USAGE }
      const reply = await llm.complete(request, signal)
      if (reply.stop === 'done' || reply.stop === 'tools') memory.keepReply(digest, reply)
      return reply
    },
  }
}
