import { z } from 'zod'
import { readAsset } from '../../src/assets.ts'
import { completeJson, jsonDocument, NAME_ANOTHER } from '../../src/llm/json-reply.ts'
import { findSecrets } from '../../src/secrets.ts'
import { checkReply, isEmptyReply } from '../../src/summary/check-reply.ts'
import type { Ground } from '../../src/summary/claims.ts'
import { promptOf, type SummaryKind } from '../../src/summary/summary-kind.ts'
import type { Llm, LlmReply, LlmRequest } from '../../src/types.ts'

export interface Question<Reply> {
  readonly kind: Pick<SummaryKind<never, Reply>, 'id' | 'prompt' | 'reply' | 'tidy'>
  /** Path of the file or of the folder, for rules and messages; the model does not see it. */
  readonly subject: string
  /** What the model is shown: the text to describe, fenced. */
  readonly content: string
  readonly ground: Ground
  /** As in checkReply. */
  readonly nameOf: (name: string) => string | null
}

export type Answer<Reply> =
  | { readonly outcome: 'good'; readonly reply: Reply; readonly struck: readonly string[] }
  /** fatal: asking for another subject will fail too. rejected: there was an answer, and it was of no use. */
  | {
      readonly outcome: 'failed'
      readonly problem: string
      /** What the user can do about it. */
      readonly fix: string
      readonly fatal: boolean
      readonly rejected: boolean
    }
  | { readonly outcome: 'secret'; readonly found: readonly string[] }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'aborted' }

/**
 * Asks a model for the summary of one subject and holds the answer against the code: names that the code lacks get one
 * repair call; what still states them is struck. Text that looks like it holds a secret is not sent. An empty, cut-off
 * or unreadable answer is a failure. One to three calls.
 */
export async function askSummary<Reply extends object>(
  llm: Llm,
  question: Question<Reply>,
  signal?: AbortSignal,
): Promise<Answer<Reply>> {
  const { kind, subject, ground, nameOf, content } = question
  const found = await findSecrets(`${ground.text}\n${content}`, subject)
  if (found.length > 0) return { outcome: 'secret', found }

  const shape = kind.reply(z)
  const request = requestFor(question, replySchema(shape))
  const parse = (value: unknown) => kind.tidy(shape.parse(value))
  const { value, replies, problem, fix } = await completeJson(llm, request, parse, signal)
  if (value === null) return failed(replies, problem ?? 'no answer', fix ?? NAME_ANOTHER, signal)
  if (isEmptyReply(value)) return rejected('the answer says nothing')

  let checked = checkReply(value, ground, nameOf)
  if (checked.problems.length > 0) {
    const better = await repair(llm, request, value, checked.problems, parse, signal)
    if (better === 'aborted') return { outcome: 'aborted' }
    if (better) checked = checkReply(better, ground, nameOf)
  }
  if (isEmptyReply(checked.sound)) {
    const names = checked.problems.map((name) => `\`${name}\``).join(', ')
    return rejected(`the answer speaks of ${names}, which the code lacks`)
  }
  return { outcome: 'good', reply: checked.sound, struck: checked.problems }
}

/** What is sent: what is the same for all subjects of a kind first, so that prompt caches hit. */
function requestFor(
  { kind, content }: Pick<Question<unknown>, 'kind' | 'content'>,
  schema: Readonly<Record<string, unknown>>,
): LlmRequest {
  return {
    purpose: `${kind.id}-summary`,
    messages: [
      { role: 'system', content: `${readAsset('agents/sleep/prompt.md').trim()}\n\n${promptOf(kind)}` },
      { role: 'user', content },
    ],
    json: { name: `${kind.id}_summary`, schema },
    maxOutputTokens: MOST_OUTPUT,
  }
}

/** JSON schema of what a kind asks a model for: strict as endpoints want it, every key required and no other allowed. */
export function replySchema(shape: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _, ...schema } = z.toJSONSchema(shape)
  return schema
}

// a note has some hundred; models that think before they write count that too
const MOST_OUTPUT = 8000

function rejected(problem: string): Answer<never> {
  const fix = 'name another model (--model or REPOSE_MODEL)'
  return { outcome: 'failed', problem, fix, fatal: false, rejected: true }
}

function failed(
  replies: readonly LlmReply[],
  problem: string,
  fix: string,
  signal: AbortSignal | undefined,
): Answer<never> {
  const last = replies.at(-1)!
  if (last.failure === 'budget') return { outcome: 'refused' }
  if (last.stop === 'aborted' || signal?.aborted) return { outcome: 'aborted' }
  return { outcome: 'failed', problem, fix, fatal: last.failure === 'fatal', rejected: last.stop !== 'failed' }
}

/** null: no usable answer came back, so the first one must do. */
async function repair<Reply>(
  llm: Llm,
  request: LlmRequest,
  answer: Reply,
  problems: readonly string[],
  parse: (value: unknown) => Reply,
  signal: AbortSignal | undefined,
): Promise<Reply | 'aborted' | null> {
  const names = problems.map((name) => `\`${name}\``).join(', ')
  const reply = await llm.complete(
    {
      ...request,
      purpose: 'claims-repair',
      messages: [
        ...request.messages,
        { role: 'assistant', content: JSON.stringify(answer) },
        {
          role: 'user',
          content: `These names do not occur in what you were shown, nor in the repository: ${names}. Write the names that are meant exactly as they stand there, or leave out what you said of them. Send the whole JSON document again, corrected, and nothing else.`,
        },
      ],
    },
    signal,
  )
  if (reply.stop === 'aborted') return 'aborted'
  if (reply.stop !== 'done') return null
  try {
    return parse(jsonDocument(reply.content))
  } catch {
    return null // not the JSON asked for: what was paid for already is kept, without the claims
  }
}
