import { readAsset } from '../../src/assets.ts'
import { type MeteredCall, meteredLlm } from '../../src/llm/meter.ts'
import { folderStart } from '../../src/paths.ts'
import { blocking } from '../../src/processes/blocking.ts'
import { recipeLineFor } from '../../src/recipes/recipe-for.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { fillAnswer, saysOf } from '../../src/retrieve/questions/fill-answer.ts'
import type { Passage } from '../../src/retrieve/questions/passage.ts'
import { sayMasked } from '../../src/secrets/secret-keeper.ts'
import type { Store } from '../../src/store/open-store.ts'
import { type ReadSummary, summaryReader } from '../../src/summary/summary-reader.ts'
import { inTags } from '../../src/text/in-tags.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import type { Llm, LlmReply, RepoPath, Usage } from '../../src/types.ts'
import { findPassages } from './find-passages.ts'
import { placesNotThere } from './places-not-there.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

export interface Evidence {
  readonly path: RepoPath
  readonly line: number
  /** 'Cart.total', or the heading of a section. */
  readonly symbol: string
  /** Its declaration and its author's comment. */
  readonly says: string
}

export interface Answer {
  readonly question: string
  readonly text: string
  readonly model: string
  readonly evidence: readonly Evidence[]
  /** Cost of the call; null if no model was called. */
  readonly usage: Usage | null
  /** Why the model gave no answer, if one was called. */
  readonly problem: string | null
  /** What the user can do about it. */
  readonly fix: string | null
  /** Summaries of folders and the repository that the model was shown; [] if none was called. */
  readonly summaries: readonly (ReadSummary & { readonly subject: string })[]
  /** What was withheld from the model, what was not written here, and places that it names although they do not exist; [] if none was called. */
  readonly notes: readonly string[]
}

interface AskOptions {
  readonly repo: Repo
  readonly store: Store
  readonly worktree: number
  readonly llm: Llm | null
  readonly signal: AbortSignal
  /** Larger files are not shown. */
  readonly maxFileBytes?: number
}

const PLACES = 8
const FOLDERS = 5
const TOKENS_TO_MODEL = 3000
const TOKENS_ALONE = 1000 // a screen or two

/**
 * Answers from the index: the definitions and sections that best match the question, the best of them whole. With a model, one call
 * over more of them.
 */
export async function answerQuestion(words: string, options: AskOptions): Promise<Answer> {
  const { store, worktree, llm } = options
  const workspace = openWorkspace(options.repo.root, undefined, { maxFileBytes: options.maxFileBytes })
  const asked = readRequest(await workspace.secrets.redact(words))
  const question = asked.text
  const found = await findPassages(asked, workspace, options)
  const alone = await blocking(() => fillAnswer(found, TOKENS_ALONE, countTokens))
  const evidence = alone.passages.slice(0, PLACES).map(evidenceOf)
  const recipe = asked.asksHowAdded ? recipeLineFor(store, worktree, asked) : null
  const usually = recipe ? `\n\nHow this is usually done here: ${recipe}` : ''
  const answer = {
    ...{ question, text: `${alone.text || 'nothing in the index speaks of it'}${usually}`, model: 'none', evidence },
    ...{ usage: null, problem: null, fix: null, summaries: [], notes: [] },
  }
  if (!llm || evidence.length === 0) return answer

  const { text, passages } = await blocking(() => fillAnswer(found, TOKENS_TO_MODEL, countTokens))
  const summaries = summariesOf(evidence, summaryReader(store, worktree))
  const where = sayWhere(summaries)
  const reply = await askModel(question, `${where}${text}${usually}`, evidence, { ...options, llm, workspace })
  const shown = new Set([...passages, ...found.uses].map(({ path }) => path))
  const isAsked = reply.usage.calls > 0
  const notes = (isAsked ? [...workspace.secrets.masked] : [])
    .filter(([path]) => shown.has(path))
    .map(([path, kinds]) => sayMasked(path, kinds))
    .sort()
  const foreign = summaries.filter(({ origin }) => origin !== undefined)
  if (isAsked && foreign.length > 0)
    notes.push(`${foreign.length} of the summaries that the model saw came from ${foreign[0]!.origin}`)
  const { usage } = reply
  if (reply.stop !== 'done' || !reply.content.trim())
    return {
      ...answer,
      usage,
      summaries,
      notes,
      problem: reply.message ?? `the reply was ${reply.stop === 'length' ? 'cut off' : 'empty'}`,
      fix: reply.fix ?? 'ask again, or name another model (--model or REPOSE_MODEL)',
    }
  const said = reply.content.trim()
  const missing = await placesNotThere(said, (path) => workspace.read(path), [...shown])
  const doubts = missing.length > 0 ? [`the model names what is not there: ${missing.join(', ')}`] : []
  return { ...answer, usage, summaries, notes: [...notes, ...doubts], text: said, model: llm.model }
}

function evidenceOf(passage: Passage): Evidence {
  const { path, lines, name } = passage
  return { path, line: lines.first, symbol: name, says: saysOf(passage) }
}

async function askModel(
  question: string,
  shown: string,
  evidence: readonly Evidence[],
  { store, llm, workspace, signal }: AskOptions & { readonly llm: Llm; readonly workspace: Workspace },
): Promise<LlmReply> {
  const paths = [...new Set(evidence.map(({ path }) => path))]
  const request = store.ledger.startRequest(Date.now(), 'ask', question, paths)
  const onCall = (call: MeteredCall) => store.ledger.addCall({ ...call, phase: 'awake', request })
  const metered = meteredLlm(llm, onCall, workspace.secrets.redact)
  const reply = await metered.complete(
    {
      purpose: 'ask',
      messages: [
        { role: 'system', content: readAsset('agents/feature/prompts/ask.md').trim() },
        {
          role: 'user',
          content: `${inTags('repository', shown, ['question'])}\n\n${inTags('question', question, ['repository'])}`,
        },
      ],
    },
    signal,
  )
  store.ledger.endRequest(request, reply.stop === 'aborted' ? 'interrupted' : reply.stop, [], [])
  signal.throwIfAborted()
  return reply
}

/** Summaries of the repository and of the folders with evidence. */
function summariesOf(
  evidence: readonly Evidence[],
  summaryOf: ReturnType<typeof summaryReader>,
): readonly (ReadSummary & { readonly subject: string })[] {
  const folders = new Set(evidence.map(({ path }) => folderStart(path)).filter(Boolean))
  return ['.', ...[...folders].slice(0, FOLDERS)].flatMap((subject) => {
    const summary = summaryOf(subject, '')
    return summary ? [{ subject, ...summary }] : []
  })
}

/** A line each; '' without any. */
function sayWhere(summaries: ReturnType<typeof summariesOf>): string {
  const said = summaries.map(({ subject, text }) => `${subject === '.' ? 'The repository' : subject}: ${text}\n`)
  return said.length > 0 ? `${said.join('')}\n` : ''
}
