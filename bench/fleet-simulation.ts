import { seeded } from '../src/backtest/seeded.ts'
import { divideBudget } from '../src/fleet/divide-budget.ts'
import type { FleetRepo } from '../src/fleet/fleet-repo.ts'
import { DRAFT_TOKENS, FILE_TOKENS } from '../src/fleet/worth.ts'

/** Past commits of a clone, oldest first: the day of each, and the numbers of the source files that it changed. */
export interface History {
  readonly days: readonly number[]
  readonly files: readonly (readonly number[])[]
}

export interface Settings {
  readonly repos: number
  readonly nights: number
  /** Tokens of a night, for all. */
  readonly budgetTokens: number
  readonly mostJobs: number
  readonly way: 'by worth' | 'equal shares'
  /** Share of the jobs that are lost, after half of their tokens, and of those that run twice at once. */
  readonly lost: number
  readonly double: number
  readonly seed: number
}

export interface Outcome {
  tokens: number
  jobs: number
  /** Summaries, and those that a request used before they were stale. */
  thought: number
  used: number
  drafts: number
  draftsUsed: number
  requests: number
  /** Files that requests needed, and those with a fresh summary. */
  needed: number
  ready: number
  /** Requests that were filed beforehand; those that got a draft before they were asked for; nights that these waited for it. */
  filed: number
  drained: number
  waited: number
}

interface Request {
  readonly filed: number
  readonly asked: number
  readonly files: readonly number[]
  draftedAt: number | null
  isStale: boolean
}

interface SimulatedRepo {
  readonly name: string
  /** Source files, those that changed most before the first night first. */
  readonly order: readonly number[]
  /** Commits of each day, the 30 before the first night included. */
  readonly days: readonly (readonly { readonly files: readonly number[]; readonly request: Request | null }[])[]
  readonly requests: readonly Request[]
  readonly fresh: Map<number, { isUsed: boolean }>
}

const BEFORE = 30 // days whose commits the plan sees
const KNOWN = 365 // days before, whose files there are
const ASKED = 0.3 // share of commits that were requests
const FILED = 0.5 // share of these that were in the backlog before
const FILED_BEFORE = 15 // nights at most
const GOOD_FOR = 10 // nights; then what a draft was made from has changed, if nothing says so before

/** Plays the nights of a fleet whose repositories are pieces of past histories, drawn with a seed. The same settings give the same outcome. */
export function simulateFleet(histories: readonly History[], settings: Settings): Outcome {
  const random = seeded(settings.seed)
  const repos = Array.from({ length: settings.repos }, (_, i) => draw(histories, `repo-${i}`, settings.nights, random))
  const out: Outcome = {
    ...{ tokens: 0, jobs: 0, thought: 0, used: 0, drafts: 0, draftsUsed: 0 },
    ...{ requests: 0, needed: 0, ready: 0, filed: 0, drained: 0, waited: 0 },
  }
  const luck = seeded(settings.seed + 1)
  for (let night = 0; night < settings.nights; night++) {
    for (const [repo, tokens] of sharesOf(repos, night, settings)) {
      const fate = luck()
      out.jobs++
      if (fate < settings.lost) out.tokens += tokens / 2
      else out.tokens += work(repo, tokens, night, out) * (fate < settings.lost + settings.double ? 2 : 1)
    }
    for (const repo of repos) live(repo, night, out)
  }
  for (const { requests } of repos)
    for (const { filed, asked, draftedAt } of requests)
      if (filed < asked && asked >= 0) {
        out.filed++
        if (draftedAt !== null) {
          out.drained++
          out.waited += draftedAt - Math.max(filed, 0)
        }
      }
  return out
}

function sharesOf(repos: readonly SimulatedRepo[], night: number, settings: Settings): [SimulatedRepo, number][] {
  const seen = new Map(repos.map((repo) => [seenAt(repo, night), repo]))
  if (settings.way === 'equal shares') {
    const busy = [...seen].filter(([{ stale, waiting }]) => stale + waiting > 0)
    return busy.map(([, repo]) => [repo, settings.budgetTokens / busy.length])
  }
  return divideBudget([...seen.keys()], settings).shares.map(({ repo, tokens }) => [seen.get(repo)!, tokens])
}

/** What `repose fleet plan` would read from a clone that evening. */
function seenAt({ name, days, order, fresh, requests }: SimulatedRepo, night: number): FleetRepo {
  const commits = days.slice(night, night + BEFORE).reduce((sum, day) => sum + day.length, 0)
  const waiting = requests.filter((request) => isWaiting(request, night)).length
  return { name, commits, waiting, stale: order.length - fresh.size, weight: 1, assumed: [] }
}

function isWaiting({ filed, asked, draftedAt }: Request, night: number): boolean {
  return filed <= night && asked > night && filed < asked && draftedAt === null
}

/** One job: drafts first, oldest first, then summaries. Returns the tokens that it used. */
function work({ requests, order, fresh }: SimulatedRepo, tokens: number, night: number, out: Outcome): number {
  let left = tokens
  for (const request of requests.filter((one) => isWaiting(one, night)).sort((a, b) => a.filed - b.filed)) {
    if (left < DRAFT_TOKENS) break
    left -= DRAFT_TOKENS
    request.draftedAt = night
    out.drafts++
  }
  for (const file of order) {
    if (left < FILE_TOKENS) break
    if (fresh.has(file)) continue
    left -= FILE_TOKENS
    fresh.set(file, { isUsed: false })
    out.thought++
  }
  return tokens - left
}

/** The day after a night: requests are asked for, and commits change files. */
function live({ days, fresh, requests }: SimulatedRepo, night: number, out: Outcome): void {
  for (const { files, request } of days[night + BEFORE] ?? []) {
    if (request) {
      out.requests++
      out.needed += files.length
      for (const file of files) {
        const summary = fresh.get(file)
        if (!summary) continue
        out.ready++
        if (!summary.isUsed) out.used++
        summary.isUsed = true
      }
      const { draftedAt } = request
      if (draftedAt !== null && !request.isStale && night - draftedAt < GOOD_FOR) out.draftsUsed++
    }
    for (const file of files) fresh.delete(file)
    for (const other of requests)
      if (other !== request && other.draftedAt !== null && other.files.some((file) => files.includes(file)))
        other.isStale = true
  }
}

function draw(histories: readonly History[], name: string, nights: number, random: () => number): SimulatedRepo {
  const { days, files } = histories[Math.floor(random() * histories.length)]!
  const [first, last] = [days[0]! + KNOWN, days.at(-1)! - nights]
  const start = Math.floor(first + random() * Math.max(0, last - first))
  const counts = new Map<number, number>()
  const played: SimulatedRepo['days'][number][number][][] = Array.from({ length: BEFORE + nights }, () => [])
  const requests: Request[] = []
  for (const [i, day] of days.entries()) {
    if (day < start - KNOWN || day >= start + nights) continue
    if (day < start) for (const file of files[i]!) counts.set(file, (counts.get(file) ?? 0) + 1)
    if (day < start - BEFORE) continue
    const asked = day - start
    let request: Request | null = null
    if (random() < ASKED) {
      const before = random() < FILED ? 1 + Math.floor(random() * FILED_BEFORE) : 0
      request = { filed: asked - before, asked, files: files[i]!, draftedAt: null, isStale: false }
      requests.push(request)
    }
    played[asked + BEFORE]!.push({ files: files[i]!, request })
  }
  const order = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([file]) => file)
  return { name, order, days: played, requests, fresh: new Map() }
}
