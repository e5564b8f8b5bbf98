import * as z from 'zod'
import { readAsset } from '../../src/assets.ts'
import { completeJson, isDeferred } from '../../src/llm/json-reply.ts'
import { findFiles } from '../../src/pack/find-files.ts'
import type { Request } from '../../src/request/read-request.ts'
import type { WorkingTree } from '../../src/retrieve/signal.ts'
import { clipTokens } from '../../src/summary/clip-tokens.ts'
import type { Llm, Message } from '../../src/types.ts'
import { listFiles } from '../feature/deep-list.ts'

const REQUEST_TOKENS = 900
const FILES_TOKENS = 500
const MOST_QUESTIONS = 3
const MOST_PARTS = 5

const LINES = (most: number) => z.array(z.string().trim().min(1).max(500)).min(1).max(most)
const REPLY = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.literal('ready') }),
  z.object({ verdict: z.literal('unclear'), questions: LINES(MOST_QUESTIONS) }),
  z.object({ verdict: z.literal('several'), parts: LINES(MOST_PARTS) }),
])

export type Verdict = z.infer<typeof REPLY>

/** The model's judgement; null: it gave none, and `problem` says why. */
export interface Triage {
  readonly verdict: Verdict | null
  readonly problem: string | null
  /** What the user can do about it. */
  readonly fix: string | null
  /** The question was left with the Batch API. */
  readonly isDeferred: boolean
}

/**
 * One cheap look at a waiting request: whether an agent that can ask nobody should begin. About 900 tokens, of which the list of files is
 * 500.
 */
export async function triage(request: Request, tree: WorkingTree, llm: Llm, signal: AbortSignal): Promise<Triage> {
  const { value, problem, fix, replies } = await completeJson(
    llm,
    { purpose: 'triage', messages: triagePrompt(request, tree) },
    (reply) => REPLY.parse(reply),
    signal,
  )
  return {
    verdict: value,
    problem: value ? null : (problem ?? 'no answer'),
    fix: fix ?? null,
    isDeferred: isDeferred(replies),
  }
}

function triagePrompt(request: Request, tree: WorkingTree): readonly Message[] {
  const files = findFiles(tree.store, tree.worktree, request)
  const { text } = listFiles(request, files, tree, FILES_TOKENS)
  const fenced = (tag: string, content: string) =>
    `<${tag}>\n${content.replaceAll(/<\/(request|files)>/g, '<\\/$1>')}\n</${tag}>`
  return [
    { role: 'system', content: readAsset('agents/night/triage.md').trim() },
    {
      role: 'user',
      content: `${fenced('request', clipTokens(request.text, REQUEST_TOKENS))}\n\n${fenced('files', text)}`,
    },
  ]
}
