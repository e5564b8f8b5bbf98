import * as z from 'zod'
import { readAsset } from '../../src/assets.ts'
import { completeJson, isDeferred } from '../../src/llm/json-reply.ts'
import { findFiles } from '../../src/pack/find-files.ts'
import type { Request } from '../../src/request/read-request.ts'
import type { WorkingTree } from '../../src/retrieve/signal.ts'
import { clipTokens } from '../../src/summary/clip-tokens.ts'
import { inTags } from '../../src/text/in-tags.ts'
import type { Llm, Message } from '../../src/types.ts'
import { listFiles } from '../feature/deep-list.ts'
import { listTitles } from './list-titles.ts'

const REQUEST_TOKENS = 900
const FILES_TOKENS = 500
const MOST_QUESTIONS = 3
const MOST_PARTS = 5

const LINES = (most: number) => z.array(z.string().trim().min(1).max(500)).min(1).max(most)
const REPLY = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.literal('ready') }),
  z.object({ verdict: z.literal('unclear'), questions: LINES(MOST_QUESTIONS) }),
  z.object({ verdict: z.literal('several'), parts: LINES(MOST_PARTS) }),
  z.object({ verdict: z.literal('same'), as: z.int() }),
])

export type Verdict = z.infer<typeof REPLY>

/** Another request, that may ask for the same. */
export interface OtherRequest {
  readonly id: number
  /** Only its title is shown. */
  readonly request: string
}

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
 * One cheap look at a waiting request: whether an agent that can ask nobody should begin, and whether one of `others` asks for the same.
 * About 900 tokens, of which the list of files is 500, and the titles of the others.
 */
export async function triage(
  request: Request,
  others: readonly OtherRequest[],
  tree: WorkingTree,
  llm: Llm,
  signal: AbortSignal,
): Promise<Triage> {
  const { value, problem, fix, replies } = await completeJson(
    llm,
    { purpose: 'triage', messages: triagePrompt(request, others, tree) },
    (reply) => REPLY.parse(reply),
    signal,
  )
  // a number that is not listed names no request, or, in the reply of a batch, one that is no longer open
  const isOfNone = value?.verdict === 'same' && !others.some(({ id }) => id === value.as)
  return {
    verdict: isOfNone ? { verdict: 'ready' } : value,
    problem: value ? null : (problem ?? 'no answer'),
    fix: fix ?? null,
    isDeferred: isDeferred(replies),
  }
}

/** Without others it says nothing of them. */
function triagePrompt(request: Request, others: readonly OtherRequest[], tree: WorkingTree): readonly Message[] {
  const files = findFiles(tree.store, tree.worktree, request)
  const { text } = listFiles(request, files, tree, FILES_TOKENS)
  const titles = listTitles(others)
  const tags = ['request', 'files', ...(titles.length > 0 ? ['backlog'] : [])]
  const tasks = ['triage', ...(titles.length > 0 ? ['triage-same'] : [])]
  return [
    { role: 'system', content: tasks.map((name) => readAsset(`agents/night/${name}.md`).trim()).join('\n\n') },
    {
      role: 'user',
      content: [
        inTags('request', clipTokens(request.text, REQUEST_TOKENS), tags),
        inTags('files', text, tags),
        ...(titles.length > 0 ? [inTags('backlog', titles.join('\n'), tags)] : []),
      ].join('\n\n'),
    },
  ]
}
