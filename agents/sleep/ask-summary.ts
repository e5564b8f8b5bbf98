import { z } from 'zod'
import { readAsset } from '../../src/assets.ts'
import { completeJson, NAME_ANOTHER } from '../../src/llm/json-reply.ts'
import { findSecrets } from '../../src/secrets/find-secrets.ts'
import { cleanValue } from '../../src/secrets/without-secrets.ts'
import { type Checked, checkReply, isEmptyReply } from '../../src/summary/check-reply.ts'
import type { Ground } from '../../src/summary/claims.ts'
import { promptOf, type SummaryKind } from '../../src/summary/summary-kind.ts'
import type { Llm, LlmReply, LlmRequest } from '../../src/types.ts'
import { repairClaims } from './repair-claims.ts'
import { replySchema } from './reply-schema.ts'

export interface Question<Reply> {
  readonly kind: Pick<SummaryKind<never, Reply>, 'id' | 'prompt' | 'reply' | 'tidy'>
  /** Path of the file or folder, for rules and messages. The model does not see it. */
  readonly subject: string
  /** The text to describe, fenced. */
  readonly content: string
  readonly ground: Ground
  /** Which of these names occur in any file that git tracks. */
  readonly trackedOf: (names: readonly string[]) => Promise<ReadonlySet<string>>
  /** What entries of lists may be called. */
  readonly names: readonly string[]
  /** As in checkReply. */
  readonly nameOf: (name: string) => string | null
}

export type SummaryOutcome<Reply> =
  | { readonly outcome: 'good'; readonly reply: Reply; readonly struck: readonly string[] }
  /**
   * fatal: other subjects will fail too. isOfPrompt: the endpoint does not take this prompt, and nothing was paid. rejected: there was an
   * answer, and it was unusable. isLasting: it was paid for, and another one would probably be as bad, so the question is not asked again for a
   * month.
   */
  | {
      readonly outcome: 'failed'
      readonly problem: string
      /** What the user can do about it. */
      readonly fix: string
      readonly fatal: boolean
      readonly isOfPrompt: boolean
      readonly rejected: boolean
      readonly isLasting: boolean
    }
  | { readonly outcome: 'secret'; readonly found: readonly string[] }
  | { readonly outcome: 'refused' }
  /** The question was left with the Batch API. */
  | { readonly outcome: 'deferred' }
  | { readonly outcome: 'aborted' }

/**
 * Calls a model for the summary of one subject and checks the answer against the repository. Unknown names get one repair call, which
 * shows the texts with these names; a text that still has one is removed. Text that seems to hold a secret is not sent. An empty,
 * cut-off or unreadable answer is a failure. One to three calls.
 */
export async function askSummary<Reply extends object>(
  llm: Llm,
  question: Question<Reply>,
  signal?: AbortSignal,
): Promise<SummaryOutcome<Reply>> {
  try {
    return await ask(llm, question, signal)
  } catch (error) {
    if (signal?.aborted && error === signal.reason) return { outcome: 'aborted' } // while the answer was checked
    throw error
  }
}

async function ask<Reply extends object>(
  llm: Llm,
  question: Question<Reply>,
  signal: AbortSignal | undefined,
): Promise<SummaryOutcome<Reply>> {
  const { kind, subject, ground, content } = question
  const found = await findSecrets(`${ground.text}\n${content}`, subject)
  if (found.length > 0) return { outcome: 'secret', found }

  const shape = kind.reply(z)
  const request = requestFor(question, replySchema(shape))
  const parse = (value: unknown) => kind.tidy(shape.parse(value))
  const { value, replies, problem, fix } = await completeJson(llm, request, parse, signal)
  if (value === null) return failed(replies, problem ?? 'no answer', fix ?? NAME_ANOTHER, signal)
  if (isEmptyReply(value)) return rejected('the answer says nothing')

  let isLasting = true
  let checked = await checkInRepository(value, question, signal)
  if (checked.claims.length > 0) {
    const better = await repairClaims(llm, value, checked.claims, { text: ground.text, names: question.names }, signal)
    if (better === 'aborted') return { outcome: 'aborted' }
    isLasting = better !== 'failed'
    if (better && better !== 'failed') checked = await checkInRepository(kind.tidy(better), question, signal)
  }
  if (checked.claims.length > 0 && signal?.aborted) return { outcome: 'aborted' } // the look-up of a name may have been aborted
  if (isEmptyReply(checked.sound)) {
    const names = checked.problems.map((name) => `\`${name}\``).join(', ')
    return rejected(`the answer names ${names}, which the code does not have`, isLasting)
  }
  return { outcome: 'good', reply: cleanValue(checked.sound), struck: checked.problems }
}

/** The messages. Text that is the same for all subjects of a kind comes first, so that prompt caches hit. */
export function messagesFor({ kind, content }: Pick<Question<unknown>, 'kind' | 'content'>): LlmRequest['messages'] {
  return [
    { role: 'system', content: `${readAsset('agents/sleep/prompt.md').trim()}\n\n${promptOf(kind)}` },
    { role: 'user', content },
  ]
}

function requestFor(
  { kind, content }: Pick<Question<unknown>, 'kind' | 'content'>,
  schema: Readonly<Record<string, unknown>>,
): LlmRequest {
  return {
    purpose: `${kind.id}-summary`,
    messages: messagesFor({ kind, content }),
    json: { name: `${kind.id}_summary`, schema },
    maxOutputTokens: MOST_OUTPUT,
  }
}

// a note has some hundred; the thinking of models counts, too
const MOST_OUTPUT = 8000

function rejected(problem: string, isLasting = true): SummaryOutcome<never> {
  const fix = 'name another model (--model or REPOSE_MODEL)'
  return { outcome: 'failed', problem, fix, fatal: false, isOfPrompt: false, rejected: true, isLasting }
}

function failed(
  replies: readonly LlmReply[],
  problem: string,
  fix: string,
  signal: AbortSignal | undefined,
): SummaryOutcome<never> {
  const last = replies.at(-1)!
  if (last.failure === 'budget') return { outcome: 'refused' }
  if (last.failure === 'deferred') return { outcome: 'deferred' }
  if (last.stop === 'aborted' || signal?.aborted) return { outcome: 'aborted' }
  const isPaid = last.usage.inputTokens > 0 // a reply that a content filter cut off
  const isRefusal = last.failure === 'refused'
  const ends = { fatal: last.failure === 'fatal', isOfPrompt: isRefusal && !isPaid, isLasting: isRefusal && isPaid }
  return { outcome: 'failed', problem, fix, ...ends, rejected: last.stop !== 'failed' }
}

const MOST_UNKNOWN = 200 // names looked up in what git tracks, each by a process of its own; a reply has a few
const MOST_ROUNDS = 20

/** checkReply, which also looks up unknown names in everything that git tracks: documents, fixtures, configuration. */
async function checkInRepository<Reply extends object>(
  reply: Reply,
  { ground, nameOf, trackedOf }: Pick<Question<Reply>, 'ground' | 'nameOf' | 'trackedOf'>,
  signal: AbortSignal | undefined,
): Promise<Checked<Reply>> {
  const tracked = new Set<string>()
  const unknown = new Set<string>()
  const isKnown = (name: string) => {
    const known = ground.isKnown(name) || tracked.has(name)
    if (!known && unknown.size < MOST_UNKNOWN) unknown.add(name)
    return known
  }
  const inRepository = { text: ground.text, isKnown } // one object for all rounds: searches are kept for each object
  for (let round = 1; ; round++) {
    unknown.clear()
    const checked = await checkReply(reply, inRepository, nameOf, signal)
    if (checked.claims.length === 0 || round === MOST_ROUNDS) return checked
    const found = await trackedOf([...unknown])
    if (found.size === 0) return checked
    for (const name of found) tracked.add(name) // check again: in a quote, names after an unknown one were not looked up
  }
}
