import { z } from 'zod'
import { readAsset } from '../../src/assets.ts'
import { completeJson } from '../../src/llm/json-reply.ts'
import { meteredLlm } from '../../src/llm/meter.ts'
import type { Request } from '../../src/request/read-request.ts'
import type { RankedFile } from '../../src/retrieve/name-files.ts'
import type { WorkingTree } from '../../src/retrieve/signal.ts'
import { redactSecrets } from '../../src/secrets/find-secrets.ts'
import type { Store } from '../../src/store/open-store.ts'
import { clipTokens } from '../../src/summary/clip-tokens.ts'
import { inTags } from '../../src/text/in-tags.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import type { Llm, Message, RepoPath } from '../../src/types.ts'
import { listFiles } from './deep-list.ts'

const INPUT_TOKENS = 1450 // of the whole call; a look at a list is worth about that (docs/results.md#select)
const REQUEST_TOKENS = 450
const CHOSEN = 0.85 // share of chosen files that were changed: docs/results.md#select

const REPLY = z.object({ files: z.array(z.union([z.number().int(), z.string()])) })

export interface Selection {
  /** The given files, with the model's choices to `modify`; null without a usable answer: see `problem`. */
  readonly files: readonly RankedFile[] | null
  readonly problem: string | null
  /** What the user can do about it. */
  readonly fix: string | null
}

/**
 * One look of a model at the deep list: it names the source files to modify. At most 1,500 tokens of input. files: from nameFiles.
 * Tests and docs keep their roles. The call is recorded in the ledger. Throws the signal's reason when aborted.
 */
export async function selectFiles(
  request: Request,
  files: readonly RankedFile[],
  options: { store: Store; worktree: number; llm: Llm; signal?: AbortSignal; recorded?: boolean },
): Promise<Selection> {
  const { store, signal, recorded = false } = options
  const startedAt = Date.now()
  const prompt = await selectPrompt(request, files, options)
  const { listed } = prompt
  if (listed.length === 0) return { files, problem: null, fix: null }

  const id = store.ledger.startRequest(startedAt, 'select', await redactSecrets(request.text), listed)
  const llm = meteredLlm(options.llm, (call) =>
    store.ledger.addCall({ ...call, phase: 'awake', request: id, recorded }),
  )
  const { chosen, problem, fix, stop } = await askForChoice(llm, prompt, signal)
  store.ledger.endRequest(id, stop === 'aborted' ? 'interrupted' : stop, [], chosen ?? [])
  signal?.throwIfAborted()
  return { files: chosen && withChoice(files, chosen, options.llm.model), problem, fix }
}

/** Calls the model, with one repair of a faulty reply. chosen: null without a usable answer. */
export async function askForChoice(
  llm: Llm,
  { messages, listed, exists }: SelectPrompt,
  signal?: AbortSignal,
): Promise<{ chosen: RepoPath[] | null; problem: string | null; fix: string | null; stop: string }> {
  const request = { purpose: 'select', messages }
  const {
    value,
    problem = 'no answer',
    fix = null,
    replies,
  } = await completeJson(llm, request, (reply) => REPLY.parse(reply), signal)
  const stop = replies.at(-1)?.stop ?? 'failed'
  if (!value) return { chosen: null, problem, fix, stop }
  const named = value.files.map((file) =>
    typeof file === 'number' ? listed[file - 1] : exists(file) ? file : undefined,
  )
  const chosen = [...new Set(named.filter((path) => path !== undefined))]
  return chosen.length > 0
    ? { chosen, problem: null, fix: null, stop }
    : {
        chosen: null,
        problem: 'it chose none of the files',
        fix: 'name the feature in other words, or leave --select out',
        stop,
      }
}

/** The chosen files first, in the model's order, then the rest unchanged. Files that it did not choose become `maybe`. */
function withChoice(files: readonly RankedFile[], chosen: readonly RepoPath[], model: string): RankedFile[] {
  const named = new Map(files.map((file) => [file.path, file]))
  return [
    ...chosen.map((path) => {
      const file = named.get(path) ?? { path, score: CHOSEN, why: [] } // a listed file that is not ranked
      return {
        ...file,
        score: Math.max(file.score, CHOSEN),
        role: 'modify' as const,
        why: [`chosen by ${model}`, ...file.why],
      }
    }),
    ...files
      .filter(({ path }) => !chosen.includes(path))
      .map((file) => (file.role === 'modify' ? { ...file, role: 'maybe' as const } : file)),
  ]
}

export interface SelectPrompt {
  readonly messages: readonly Message[]
  /** Path for each number in the reply. */
  readonly listed: readonly RepoPath[]
  /** Whether an unlisted path is a file that could be meant. */
  readonly exists: (path: RepoPath) => boolean
}

export async function selectPrompt(
  request: Request,
  files: readonly RankedFile[],
  tree: WorkingTree,
): Promise<SelectPrompt> {
  const task = readAsset('agents/feature/prompts/select.md').trim()
  const asked = clipTokens(await redactSecrets(request.text.trim()), REQUEST_TOKENS)
  const frame = (list: string) => [
    { role: 'system' as const, content: task },
    {
      role: 'user' as const,
      content: `${inTags('request', asked, ['files'])}\n\n${inTags('files', list, ['request'])}`,
    },
  ]
  const spent = frame('').reduce((sum, { content }) => sum + countTokens(content), 0)
  const { text, listed } = listFiles(request, files, tree, INPUT_TOKENS - spent)
  return {
    messages: frame(text),
    listed,
    exists: (path) => tree.store.facts.isReadable(tree.worktree, path),
  }
}
