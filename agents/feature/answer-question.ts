import { readAsset } from '../../src/assets.ts'
import { meteredLlm } from '../../src/llm/meter.ts'
import { kindOfPath } from '../../src/paths.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { findFiles } from '../../src/retrieve/find-files.ts'
import { firstSentence, symbolScorer } from '../../src/retrieve/outline.ts'
import { requestTerms } from '../../src/retrieve/request-terms.ts'
import { retrieve } from '../../src/retrieve/retrieve.ts'
import { termRarity } from '../../src/retrieve/term-rarity.ts'
import { redactSecrets } from '../../src/secrets.ts'
import type { Store } from '../../src/store/open-store.ts'
import { summaryReader } from '../../src/summary/summary-reader.ts'
import type { Llm, RepoPath } from '../../src/types.ts'
import { openWorkspace } from './workspace.ts'

export interface Evidence {
  readonly path: RepoPath
  readonly line: number
  readonly symbol: string
  /** The definition's declaration and what its author or a summary says of it. */
  readonly says: string
}

export interface Answer {
  readonly question: string
  readonly text: string
  readonly model: string
  readonly evidence: readonly Evidence[]
  /** Why the model gave no answer, where one was asked. */
  readonly problem: string | null
}

// Words that ask, and say nothing of what is asked for.
const ASKING =
  /\b(how|what|where|why|when|which|who|do|does|did|is|are|was|can|could|should|please|tell|show|explain|find|me|work|works|happens?|there)\b/gi
const BESIDE_SOURCE = 0.4 // tests use what others define
const PLACES = 8
const FILES = 12
const PACK_TOKENS = 3000

/** Answers from the index: the definitions that speak most of the question. With a model, one call over them and the pack. */
export async function answerQuestion(
  question: string,
  options: { repo: Repo; store: Store; worktree: number; llm: Llm | null; signal: AbortSignal },
): Promise<Answer> {
  const { repo, store, worktree } = options
  const asked = withoutAsking(question)
  const files = findFiles(store, worktree, asked)
  const evidence = await places(
    asked,
    files.slice(0, FILES).map((file) => file.path),
    options,
  )
  const fromIndex =
    evidence.length === 0
      ? 'nothing in the index speaks of it'
      : evidence.map((one) => `${one.path}:${one.line}  ${one.says}`).join('\n')
  const answer = { question, text: fromIndex, model: 'none', evidence, problem: null }
  if (!options.llm || evidence.length === 0) return answer

  const startedAt = Date.now()
  const request = store.ledger.startRequest(
    startedAt,
    'ask',
    question,
    evidence.map((one) => one.path),
  )
  const llm = meteredLlm(options.llm, (call) =>
    store.ledger.addCall({ ...call, at: call.startedAt, phase: 'test', request }),
  )
  const summaryOf = summaryReader(store, worktree)
  const pack = retrieve(question, store, { root: repo.root, worktree, budgetTokens: PACK_TOKENS, summaryOf, files })
  const shown = await redactSecrets(`${sayWhere(evidence, summaryOf)}${pack.text}\n\nPlaces:\n${fromIndex}`)
  const reply = await llm.complete(
    {
      purpose: 'ask',
      messages: [
        { role: 'system', content: readAsset('agents/feature/prompts/ask.md').trim() },
        {
          role: 'user',
          content: `<repository>\n${shown.replaceAll('</repository>', '<\\/repository>')}\n</repository>\n\n<question>\n${question}\n</question>`,
        },
      ],
    },
    options.signal,
  )
  options.signal.throwIfAborted()
  store.ledger.endRequest(request, reply.stop, [], [])
  if (reply.stop !== 'done' || !reply.content.trim())
    return { ...answer, problem: reply.message ?? `the reply was ${reply.stop === 'length' ? 'cut off' : 'empty'}` }
  return { ...answer, text: reply.content.trim(), model: options.llm.model }
}

const FOLDERS = 5

/** What the summaries say of the repository and of the folders where the evidence stands, a line each; '' without any. */
function sayWhere(evidence: readonly Evidence[], summaryOf: ReturnType<typeof summaryReader>): string {
  const folders = new Set(evidence.map(({ path }) => path.slice(0, path.lastIndexOf('/') + 1)).filter(Boolean))
  const said = ['.', ...[...folders].slice(0, FOLDERS)].flatMap((subject) => {
    const summary = summaryOf(subject, '')
    return summary ? [`${subject === '.' ? 'The repository' : subject}: ${summary.text}\n`] : []
  })
  return said.length > 0 ? `${said.join('')}\n` : ''
}

function withoutAsking(question: string): string {
  const said = question.replace(ASKING, ' ')
  return /[\p{L}\p{N}]/u.test(said) ? said : question
}

async function places(
  question: string,
  paths: readonly RepoPath[],
  { repo, store, worktree }: { repo: Repo; store: Store; worktree: number },
): Promise<Evidence[]> {
  const weights = termRarity(store, worktree, requestTerms(question).terms)
  const scoreSymbols = symbolScorer(weights)
  const workspace = openWorkspace(repo.root)
  const found: (Evidence & { score: number })[] = []
  for (const [rank, path] of paths.entries()) {
    const lines = ((await workspace.read(path)) ?? '').split(/\r?\n/)
    for (const { symbol, score } of scoreSymbols(store.facts.symbols(worktree, path), lines)) {
      if (symbol.kind === 'test' || score <= 0) continue
      const says = `${symbol.signature}${symbol.doc ? `  // ${firstSentence(symbol.doc, 160)}` : ''}`
      const worth = (kindOfPath(path) === 'source' ? 1 : BESIDE_SOURCE) / (1 + rank / 4)
      found.push({ path, line: symbol.lines.first, symbol: symbol.qualified, says, score: score * worth })
    }
  }
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, PLACES)
    .map(({ score: _, ...evidence }) => evidence)
}
