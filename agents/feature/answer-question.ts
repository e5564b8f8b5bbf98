import { readAsset } from '../../src/assets.ts'
import { blocking } from '../../src/blocking.ts'
import { meteredLlm } from '../../src/llm/meter.ts'
import { folderStart, isSource, shownPath } from '../../src/paths.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { findFiles } from '../../src/retrieve/find-files.ts'
import type { RankedFile } from '../../src/retrieve/name-files.ts'
import { firstSentence, symbolScorer } from '../../src/retrieve/outline.ts'
import { askOf } from '../../src/retrieve/rank-files.ts'
import { type MaskedFile, outlinedFiles, retrieve } from '../../src/retrieve/retrieve.ts'
import { sayMasked } from '../../src/secret-keeper.ts'
import type { Store } from '../../src/store/open-store.ts'
import { summaryReader } from '../../src/summary/summary-reader.ts'
import type { Llm, RepoPath } from '../../src/types.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

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
  /** What the user can do about that. */
  readonly fix: string | null
  /** What the model was not shown of the files; [] where none was asked. */
  readonly notes: readonly string[]
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
  const files = await blocking(() => findFiles(store, worktree, asked))
  const likely = files.slice(0, FILES)
  const workspace = openWorkspace(repo.root)
  const masked = await maskFiles(options.llm ? [...likely, ...outlinedFiles(files)] : [], workspace)
  const evidence = await places(asked, likely, masked, workspace, options)
  const fromIndex =
    evidence.length === 0
      ? 'nothing in the index speaks of it'
      : evidence.map((one) => `${shownPath(one.path)}:${one.line}  ${one.says}`).join('\n')
  const answer = { question, text: fromIndex, model: 'none', evidence, problem: null, fix: null, notes: [] }
  if (!options.llm || evidence.length === 0) return answer

  const startedAt = Date.now()
  const request = store.ledger.startRequest(
    startedAt,
    'ask',
    question,
    evidence.map((one) => one.path),
  )
  const llm = meteredLlm(options.llm, (call) => store.ledger.addCall({ ...call, phase: 'test', request }))
  const summaryOf = summaryReader(store, worktree)
  const place = { root: repo.root, worktree, budgetTokens: PACK_TOKENS }
  const pack = retrieve(question, store, { ...place, summaryOf, files, masked })
  const shown = await workspace.secrets.redact(`${sayWhere(evidence, summaryOf)}${pack.text}\n\nPlaces:\n${fromIndex}`)
  const reply = await llm.complete(
    {
      purpose: 'ask',
      messages: [
        { role: 'system', content: readAsset('agents/feature/prompts/ask.md').trim() },
        {
          role: 'user',
          content: `<repository>\n${shown.replaceAll('</repository>', '<\\/repository>')}\n</repository>\n\n<question>\n${await workspace.secrets.redact(question)}\n</question>`,
        },
      ],
    },
    options.signal,
  )
  options.signal.throwIfAborted()
  store.ledger.endRequest(request, reply.stop, [], [])
  const isShown = (path: RepoPath) =>
    evidence.some((one) => one.path === path) || pack.items.some(({ subject }) => subject.startsWith(`${path}#`))
  const notes = [...workspace.secrets.masked].flatMap(([path, kinds]) => (isShown(path) ? sayMasked(path, kinds) : []))
  if (reply.stop !== 'done' || !reply.content.trim())
    return {
      ...answer,
      notes,
      problem: reply.message ?? `the reply was ${reply.stop === 'length' ? 'cut off' : 'empty'}`,
      fix: reply.fix ?? 'ask again, or name another model (--model or REPOSE_MODEL)',
    }
  return { ...answer, notes, text: reply.content.trim(), model: options.llm.model }
}

const FOLDERS = 5

/** What the summaries say of the repository and of the folders where the evidence stands, a line each; '' without any. */
function sayWhere(evidence: readonly Evidence[], summaryOf: ReturnType<typeof summaryReader>): string {
  const folders = new Set(evidence.map(({ path }) => folderStart(path)).filter(Boolean))
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

/** Those of the files that hold secrets, without them. */
async function maskFiles(
  files: readonly RankedFile[],
  workspace: Workspace,
): Promise<ReadonlyMap<RepoPath, MaskedFile>> {
  const masked = new Map<RepoPath, MaskedFile>()
  for (const { path } of files) {
    const whole = await workspace.read(path)
    const text = whole === null ? null : await workspace.secrets.mask(path, whole)
    if (text !== null && text !== whole)
      masked.set(path, { lines: text.split(/\r?\n/), symbols: workspace.symbols(path, text) })
  }
  return masked
}

async function places(
  question: string,
  files: readonly RankedFile[],
  masked: ReadonlyMap<RepoPath, MaskedFile>,
  workspace: Workspace,
  { store, worktree }: { store: Store; worktree: number },
): Promise<Evidence[]> {
  const scoreSymbols = symbolScorer(askOf(store, worktree, question).rarity)
  const found: (Evidence & { score: number })[] = []
  for (const [rank, { path }] of files.entries()) {
    const lines = masked.get(path)?.lines ?? ((await workspace.read(path)) ?? '').split(/\r?\n/)
    const symbols = masked.get(path)?.symbols ?? store.facts.symbols(worktree, path)
    for (const { symbol, score } of scoreSymbols(symbols, lines)) {
      if (symbol.kind === 'test' || score <= 0) continue
      const says = `${symbol.signature}${symbol.doc ? `  // ${firstSentence(symbol.doc, 160)}` : ''}`
      const worth = (isSource(path) ? 1 : BESIDE_SOURCE) / (1 + rank / 4)
      found.push({ path, line: symbol.lines.first, symbol: symbol.qualified, says, score: score * worth })
    }
  }
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, PLACES)
    .map(({ score: _, ...evidence }) => evidence)
}
