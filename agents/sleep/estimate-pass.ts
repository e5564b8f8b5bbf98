import { areRecipesKnown } from '../../src/indexing/learn-recipes.ts'
import { Budget } from '../../src/llm/budget.ts'
import { NO_USAGE } from '../../src/llm/meter.ts'
import { costUsd, type Price } from '../../src/llm/prices.ts'
import type { BacklogItem } from '../../src/store/backlog.ts'
import { folderTree } from '../../src/summary/folder-tree.ts'
import { NO_MODEL } from '../../src/summary/from-facts.ts'
import { readersOf } from '../../src/summary/kinds/index.ts'
import type { Llm } from '../../src/types.ts'
import { draftAtHead } from '../night/draft-at-head.ts'
import { LEAST_TOKENS, whyNoDraft } from '../night/draft-backlog.ts'
import { USUAL_FORECAST } from '../night/forecast.ts'
import { isForecastDue } from '../night/forecast-backlog.ts'
import { capIn, doesBind, reserveDraft, whyNoSummary } from './cap-room.ts'
import { planFolders } from './folder-plan.ts'
import { planFreeSummaries } from './free-summaries.ts'
import { planPass, readPlanFiles } from './plan.ts'
import { projectForModel } from './project.ts'
import type { SleepOptions } from './sleep-options.ts'
import type { SleepEstimate, SleepReport } from './sleep-report.ts'
import { withinBudget } from './within-budget.ts'

/** Summaries in words of a user. */
const CALLED = { file: 'files', symbol: 'definitions', module: 'folders', repository: 'repository' } as const

/** What a pass would write, learn and cost within its budget, best first. Sends and writes nothing. Throws GitError. */
export async function estimatePass(options: SleepOptions): Promise<SleepReport> {
  const { llm, price = null, onlyBacklog = false } = options
  const { due, reused, notes } = onlyBacklog ? NO_SUMMARIES : llm ? await planWith(llm, options) : planWithout(options)
  const budget = new Budget(options.budget, price)
  const ofPass = budget.left
  const kept = llm && !onlyBacklog ? reserveDraft(options, budget) : null
  const backlog = await toDraft(options)
  const hasDraftRoom = ofPass.tokens >= LEAST_TOKENS && ofPass.usd > 0
  const endsAtDrafts = !hasDraftRoom && backlog !== null && backlog.length > 0
  const forecasts = !endsAtDrafts && (await asksForecasts(options)) ? withinBudget([FORECAST], ofPass, price) : []
  const room = forecasts.length > 0 ? withoutForecast(budget.left, price) : budget.left
  const subjects = withinBudget(due, room, price)
  const lacksUsd =
    subjects.length < due.length && withinBudget(due, { ...room, tokens: Infinity }, price).length === subjects.length
  const isCapped = options.cap && doesBind(capIn(options.cap, lacksUsd), options.budget, kept ?? undefined)
  const tokens = totals(subjects)
  const usd = llm ? costUsd({ ...tokens, cachedTokens: 0 }, price) : 0
  const rest = totals(due.filter((one) => !subjects.includes(one)))
  const later = { subjects: due.length - subjects.length, ...rest }
  const estimate: SleepEstimate = {
    subjects,
    ...tokens,
    usd,
    later,
    backlog,
    hasDraftRoom,
    cap: isCapped ? options.cap!.of : null,
    keptForDraft: isCapped ? (kept?.tokens ?? 0) : 0,
    asksForecasts: forecasts.length > 0,
    readers: READERS,
    learning: onlyBacklog ? [] : await planLearning(options),
  }
  const isInVain = llm !== null && due.length > 0 && subjects.length === 0 && !(hasDraftRoom && backlog?.length)
  const why = isInVain
    ? whyNoSummary(options, budget, estimate.cap, kept)
    : onlyBacklog && endsAtDrafts
      ? whyNoDraft(
          ofPass,
          options.cap && doesBind(options.cap, options.budget) ? options.cap.of : undefined,
          options.raise,
        )
      : null
  return {
    pass: null,
    model: llm?.model ?? NO_MODEL,
    stop: why ? 'out-of-budget' : 'done',
    reason: why?.reason ?? null,
    fix: why?.fix ?? null,
    capped: why ? estimate.cap : null,
    failedCalls: 0,
    written: 0,
    reused,
    rejected: 0,
    left: due.length,
    notes,
    usage: NO_USAGE,
    backlog: null,
    estimate,
  }
}

const READERS: SleepEstimate['readers'] = [
  { kind: 'drafts', by: 'you (backlog show, apply), implement' },
  { kind: 'plans', by: 'the next draft, implement' },
  { kind: 'forecasts', by: 'you (backlog --forecasts), implement' },
  { kind: 'recipes', by: 'context, implement, check, status --recipes' },
  ...(['file', 'symbol', 'module', 'repository'] as const).map((kind) => ({ kind: CALLED[kind], by: readersOf(kind) })),
]

async function asksForecasts({ repo, store, llm, backlog, clock = Date.now }: SleepOptions): Promise<boolean> {
  return llm !== null && backlog?.forecasts === true && (await isForecastDue(repo, store, clock()))
}

const FORECAST = { subject: '', kind: 'forecast', ...USUAL_FORECAST }

function withoutForecast({ tokens, usd }: Budget['left'], price: Price | null): Budget['left'] {
  const { inputTokens, outputTokens } = USUAL_FORECAST
  return { tokens: tokens - inputTokens - outputTokens, usd: usd - (costUsd(USUAL_FORECAST, price) ?? 0) }
}

const NO_SUMMARIES: Plan = { due: [], reused: 0, notes: [] }

/** What waits and may be drafted, and the drafts that HEAD has made stale. */
async function toDraft({ repo, store, backlog }: SleepOptions): Promise<SleepEstimate['backlog']> {
  if (!backlog) return null
  const { root, head } = repo
  const items: { item: BacklogItem; isStale: boolean }[] = []
  const isGood = async ({ id }: { readonly id: number }) => {
    const kind = (await draftAtHead(root, head, store.backlog.drafts(id)))?.standing.kind
    return kind === 'fits' || kind === 'there'
  }
  for (const item of store.backlog.list(['waiting', 'planned']))
    if (item.isApproved && !(item.state === 'planned' && (await isGood(item)))) items.push({ item, isStale: false })
  for (const item of store.backlog.list(['drafted'])) if (!(await isGood(item))) items.push({ item, isStale: true })
  return items.map(({ item: { id, request }, isStale }) => ({ id, title: request.split('\n', 1)[0]!, isStale }))
}

type Plan = { readonly due: SleepEstimate['subjects'] } & Pick<SleepReport, 'reused' | 'notes'>

async function planWith({ model }: Llm, { repo, store, worktree }: SleepOptions): Promise<Plan> {
  const notes: string[] = []
  const files = readPlanFiles(store, worktree, model)
  const planned = planPass(files)
  const rejected = files.filter(({ state }) => state === 'rejected').length
  if (rejected > 0) notes.push(`files rejected earlier, not asked again: ${rejected}`)
  const folders = folderTree(files.map(({ path }) => path))
  const project = await projectForModel(repo.root, store, worktree, (line) => notes.push(line))
  const ofFiles = planned.map(({ path, inputTokens, outputTokens }) => {
    return { subject: path, kind: 'file', inputTokens, outputTokens }
  })
  const due = [...ofFiles, ...planFolders(store, model, folders, files, planned, project)]
  return { due, reused: files.filter((file) => file.state === 'fresh').length, notes }
}

function planWithout({ repo, store, worktree }: SleepOptions): Plan {
  const files = readPlanFiles(store, worktree, NO_MODEL)
  const { coming, reused } = planFreeSummaries({ root: repo.root, store, worktree, files })
  const due = coming.map(({ subject, kind }) => ({ subject, kind, inputTokens: 0, outputTokens: 0 }))
  return { due, reused, notes: [] }
}

async function planLearning({ repo, store, worktree }: SleepOptions): Promise<string[]> {
  const isKnown = await areRecipesKnown(repo, store, worktree)
  return [isKnown ? 'recipes: those of this commit are known' : 'recipes: would be mined from the history']
}

function totals(subjects: SleepEstimate['subjects']): { inputTokens: number; outputTokens: number } {
  return {
    inputTokens: subjects.reduce((sum, one) => sum + one.inputTokens, 0),
    outputTokens: subjects.reduce((sum, one) => sum + one.outputTokens, 0),
  }
}
