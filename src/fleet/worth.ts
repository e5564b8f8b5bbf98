import type { FleetRepo } from './fleet-repo.ts'

// What thinking costs and saves, in tokens (docs/results.md: a draft of seven cost 13,100 on average, and saves as much in the morning).
export const DRAFT_TOKENS = 13_000
export const FILE_TOKENS = 3000
const DRAFT_SAVES = 13_000
const FILE_SAVES = 300 // each time that an agent is shown its summary instead of the file

const DAYS = 30 // of the commits that are counted
const REQUESTS = 0.3 // share of commits that somebody would have asked an agent for
const PER_WAITING = 1 / 30 // requests a night for each that waits: also where nobody commits, somebody wants something
const FILES = 5 // that a request needs
const PATIENCE = 10 // nights that a draft stays good, on average

/** What a night in one repository may be spent on. */
export interface Spending {
  readonly drafts: number
  readonly files: number
}

/**
 * What is worth its tokens in a repository if a token has to save at least `least` tokens of daytime. The first of each kind is worth most: a
 * request far down the backlog is asked for after its draft is stale, and the k-th file by frequency of change is needed 1/k as often as the
 * first.
 */
export function worthwhile({ commits, waiting, stale, weight }: FleetRepo, least: number): Spending {
  const requests = (commits / DAYS) * REQUESTS + waiting * PER_WAITING // a night
  const first = (DRAFT_SAVES / DRAFT_TOKENS) * weight
  const drafts = requests * PATIENCE * (first / least - 1)
  const uses = requests * FILES * PATIENCE * weight
  const files = ((uses / harmonic(stale)) * FILE_SAVES) / FILE_TOKENS / least
  return { drafts: within(drafts, waiting), files: within(files, stale) }
}

export function tokensOf({ drafts, files }: Spending): number {
  return drafts * DRAFT_TOKENS + files * FILE_TOKENS
}

function within(number: number, most: number): number {
  return Math.max(0, Math.min(Math.floor(number), most))
}

/** 1 + 1/2 + ... + 1/n, nearly. */
function harmonic(n: number): number {
  return n < 1 ? 1 : Math.log(n) + 0.5772 + 1 / (2 * n)
}
