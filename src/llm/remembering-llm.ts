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
 * reply for free (its usage is 0), whatever the budget leaves.
 */
export function rememberingLlm(llm: Llm, memory: ReplyMemory): Llm {
  return {
    model: llm.model,
    async complete(request, signal) {
      // not maxOutputTokens: after a crash the budget leaves another limit, and a whole reply is right under any limit
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
