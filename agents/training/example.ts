import type { Message } from '../../src/types.ts'

/** One conversation in the chat format of fine-tuning: the last message is what the model is to learn. */
export interface Example {
  /** 'choice': request and list -> what to open. 'edits': request and what was shown -> edits. 'summary': source -> summary. */
  readonly kind: 'choice' | 'edits' | 'summary'
  readonly messages: readonly Message[]
}
