import { createHash } from 'node:crypto'
import type { Llm, LlmReply } from '../types.ts'
import { NO_USAGE } from './meter.ts'

export interface ReplyMemory {
  /** null: not known. */
  reply(digest: string): LlmReply | null
  keepReply(digest: string, reply: LlmReply): void
}

/**
 * A model whose whole replies are kept until the work that they are for is saved. After a crash the same prompt gets the same reply, and
 * nothing is paid: its usage is 0.
 */
export function rememberingLlm(llm: Llm, memory: ReplyMemory): Llm {
  return {
    model: llm.model,
    async complete(request, signal) {
      const digest = createHash('sha256')
        .update(JSON.stringify([llm.model, request]))
        .digest('hex')
      const known = memory.reply(digest)
      if (known) return { ...known, usage: NO_USAGE }
      const reply = await llm.complete(request, signal)
      if (reply.stop === 'done' || reply.stop === 'tools') memory.keepReply(digest, reply)
      return reply
    },
  }
}
