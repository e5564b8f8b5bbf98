import { groupBy } from '../groups.ts'
import type { Llm, LlmReply } from '../types.ts'
import { ABORTED } from './aborted.ts'
import { NO_USAGE } from './meter.ts'
import { type Exchange, type Recording, requestHash } from './recording.ts'

/**
 * A model that repeats recorded replies without a network. A request is answered if its hash is in the recording. A repeated request gets
 * its recorded replies in order, then always the last one. Any other request is a fatal failure: nothing is invented. `usage` is that of
 * the recorded call.
 */
export function recordedLlm(recording: Recording, model: string = recording.model): Llm {
  const byHash = groupBy(recording.exchanges, (exchange) => exchange.requestHash)
  return {
    model,
    async complete(request, signal) {
      if (signal?.aborted) return ABORTED
      const same = byHash.get(requestHash(request))
      if (same) return toReply(same.length > 1 ? same.shift()! : same[0]!)
      const message = `no recorded reply for this request (purpose ${request.purpose}): files, summaries or prompts have changed since it was recorded`
      const fix = 'put the files back as they were then, or record it again with --record FILE'
      return { stop: 'failed', failure: 'fatal', message, fix, content: '', toolCalls: [], usage: NO_USAGE }
    },
  }
}

function toReply({ reply, usage }: Exchange): LlmReply {
  const { content, toolCalls } = reply
  return { stop: reply.stop ?? (toolCalls.length ? 'tools' : 'done'), content, toolCalls, usage }
}
