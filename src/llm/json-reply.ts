import { blocking } from '../processes/blocking.ts'
import { closingAt, parseJson } from '../text/parse-json.ts'
import type { Llm, LlmReply, LlmRequest } from '../types.ts'

const SHOWN_REPLY = 4000 // characters of an invalid reply that the repair call shows: enough to see the error, and cheap
const SHOWN_ERROR = 1000
const SHOWN_ISSUES = 50
const MOST_VALUES = 10_000 // in a document: an honest one has a few hundred
const LONGER = 'name a model that may reply at greater length (--model or REPOSE_MODEL)'

export interface JsonResult<T> {
  /** null: see `problem`. */
  readonly value: T | null
  /** Every reply, in order, for the ledger. */
  readonly replies: readonly LlmReply[]
  readonly problem?: string
  /** What the user can do about it. */
  readonly fix?: string
}

/** Whether the last of some replies was left with the Batch API. */
export function isDeferred(replies: readonly LlmReply[]): boolean {
  return replies.at(-1)?.failure === 'deferred'
}

/** Advice for a model whose replies cannot be used. */
export const NAME_ANOTHER = 'name a model that can answer in JSON (--model or REPOSE_MODEL)'

/**
 * Requests one JSON document and checks it with `parse`, which throws on a mismatch (for instance a zod schema's parse). An invalid or
 * empty document gets exactly one repair call, which shows it and the error. A reply that was cut off, aborted or failed is not repaired. If
 * the repair cannot be used either, kept replies are forgotten.
 */
export async function completeJson<T>(
  llm: Llm,
  request: LlmRequest,
  parse: (value: unknown) => T,
  signal?: AbortSignal,
): Promise<JsonResult<T>> {
  const first = await llm.complete(request, signal)
  const attempt = await blocking(() => read(first, parse))
  if (!attempt.repairable) return { ...attempt.result, replies: [first] }

  const second = await llm.complete(repairRequest(request, first, attempt.result.problem), signal)
  const { result } = await blocking(() => read(second, parse))
  const replies = [first, second]
  // otherwise every later pass would fail on the same replies
  if (result.problem && second.stop !== 'failed' && second.stop !== 'aborted') for (const one of replies) one.forget?.()
  return result.problem
    ? { ...result, replies, problem: `${result.problem} (after one repair)` }
    : { ...result, replies }
}

/**
 * The JSON document in a reply: the whole text, or the longest object or array in it. This skips Markdown fences, prose and a leading
 * <think> block. Throws SyntaxError if there is none, or only one of more than 10,000 values.
 */
export function jsonDocument(reply: string): unknown {
  const text = reply.replace(/^\s*<think>[\s\S]*?<\/think>/, '').trim()
  try {
    return parseJson(text, MOST_VALUES)
  } catch (error) {
    const documents = [...parsableParts(text)]
    if (!documents.length) throw error
    return documents.reduce((longest, next) => (next.length > longest.length ? next : longest)).value
  }
}

type Attempt<T> =
  | { readonly repairable: true; readonly result: { value: null; problem: string; fix: string } }
  | { readonly repairable: false; readonly result: { value: T | null; problem?: string; fix?: string } }

function read<T>(reply: LlmReply, parse: (value: unknown) => T): Attempt<T> {
  const bad = (problem: string, fix = NAME_ANOTHER) => ({ value: null, problem, fix })
  if (reply.stop === 'length')
    return { repairable: false, result: bad('the reply was cut off by a length limit', LONGER) }
  if (reply.stop === 'tools')
    return { repairable: false, result: bad('the model called a tool in place of a JSON reply') }
  if (reply.stop !== 'done')
    return { repairable: false, result: bad(reply.message ?? `the call ended as ${reply.stop}`, reply.fix) }
  if (!reply.content.trim()) return { repairable: true, result: bad('the reply is empty') }
  try {
    return { repairable: false, result: { value: parse(jsonDocument(reply.content)) } }
  } catch (error) {
    return { repairable: true, result: bad(`the reply is not the JSON asked for: ${problemIn(error)}`) }
  }
}

function problemIn(error: unknown): string {
  // a zod error prints its issues as JSON; in words they take a third
  const { issues } = error as { issues?: readonly { path: readonly PropertyKey[]; message: string }[] }
  const first = issues?.slice(0, SHOWN_ISSUES)
  const listed = first?.map(({ path, message }) => `${path.join('.') || 'the document'}: ${message}`).join('; ')
  const text = listed ?? (error instanceof Error ? error.message : String(error))
  return text.replace(/\s+/g, ' ').slice(0, SHOWN_ERROR)
}

function repairRequest(request: LlmRequest, reply: LlmReply, problem: string): LlmRequest {
  const shown = reply.content.length > SHOWN_REPLY ? `${reply.content.slice(0, SHOWN_REPLY)}…` : reply.content
  return {
    ...request,
    messages: [
      ...request.messages,
      // some endpoints reject an empty assistant message
      { role: 'assistant', content: shown.trim() || '(empty)' },
      { role: 'user', content: `${problem}\nSend the whole JSON document again, corrected, and nothing else.` },
    ],
  }
}

/** Balanced {...} and [...] parts that parse, outermost only: a part of an invalid document is not the document. */
function* parsableParts(text: string): Generator<{ value: unknown; length: number }> {
  const opening = /[{[]/g
  // prose may contain any number of brackets, and each unclosed one costs a scan of the rest
  for (let tries = 0; tries < 50; tries++) {
    const start = opening.exec(text)?.index
    if (start === undefined) return
    const end = closingAt(text, start)
    if (end === null && /^[{[]\s*["{[]/.test(text.slice(start, start + 100))) return // a document without its end
    if (end === null) continue
    opening.lastIndex = end
    try {
      yield { value: parseJson(text.slice(start, end), MOST_VALUES), length: end - start }
    } catch {
      // bracketed prose, or an invalid document: if no other follows, the error of the whole text is reported
    }
  }
}
