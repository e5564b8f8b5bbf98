import type { FleetRepo } from './fleet-repo.ts'
import { type Spending, tokensOf, worthwhile } from './worth.ts'

/** The share of a repository in a night of the fleet. */
export interface Share extends Spending {
  readonly repo: FleetRepo
  readonly tokens: number
}

export interface FleetPlan {
  /** Largest first. */
  readonly shares: readonly Share[]
  /** Repositories that get nothing: they have nothing to do, or others are worth more. */
  readonly resting: readonly FleetRepo[]
  /** Repositories that would get something, but for the limit of jobs. */
  readonly leftOut: readonly FleetRepo[]
}

export interface DivideOptions {
  readonly budgetTokens: number
  /** Most jobs of a night. */
  readonly mostJobs: number
}

const LEAST = 3000 // tokens; a job for less is not worth its start
const LEAST_SAVED = 0.005 // tokens of daytime for each token of the night: below this, a budget is better left
const STEPS = 60

/**
 * Divides a budget so that the last token of every repository saves the same: that is where the sum of what is saved is largest. The sum of
 * the shares is at most the budget. The same list gives the same plan.
 */
export function divideBudget(repos: readonly FleetRepo[], { budgetTokens, mostJobs }: DivideOptions): FleetPlan {
  const all = sharesFor(repos, budgetTokens)
  const chosen =
    all.length > mostJobs
      ? sharesFor(
          all.slice(0, mostJobs).map(({ repo }) => repo),
          budgetTokens,
        )
      : all
  const [wanted, has] = [new Set(all.map(({ repo }) => repo)), new Set(chosen.map(({ repo }) => repo))]
  return {
    shares: chosen,
    resting: repos.filter((repo) => !wanted.has(repo)),
    leftOut: repos.filter((repo) => wanted.has(repo) && !has.has(repo)),
  }
}

function sharesFor(repos: readonly FleetRepo[], budgetTokens: number): Share[] {
  const wantedAt = (least: number) => repos.reduce((tokens, repo) => tokens + tokensOf(worthwhile(repo, least)), 0)
  let [low, high] = [LEAST_SAVED, 1e3]
  if (wantedAt(low) <= budgetTokens) high = low
  // bisection of what a token has to save: what all want at `high` fits into the budget, and at `low` it does not
  for (let step = 0; step < STEPS && low < high; step++) {
    const middle = Math.sqrt(low * high)
    if (wantedAt(middle) > budgetTokens) low = middle
    else high = middle
  }
  return repos
    .map((repo) => {
      const spending = worthwhile(repo, high)
      return { repo, ...spending, tokens: tokensOf(spending) }
    })
    .filter(({ tokens }) => tokens >= LEAST)
    .sort((a, b) => b.tokens - a.tokens || (a.repo.name < b.repo.name ? -1 : 1))
}
