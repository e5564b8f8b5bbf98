import type { LlmReply } from '../types.ts'
import { NO_USAGE } from './meter.ts'

/** The reply to a call that was aborted before anything was sent. */
export const ABORTED: LlmReply = {
  stop: 'aborted',
  content: '',
  toolCalls: [],
  usage: NO_USAGE,
  message: 'the call was stopped',
}
