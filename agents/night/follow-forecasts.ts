import { matchesForecast } from '../../src/backlog/matches-forecast.ts'
import { countEach } from '../../src/groups.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { readsLike } from '../../src/request/reads-like.ts'
import { termsOf } from '../../src/request/words.ts'
import type { Store } from '../../src/store/open-store.ts'
import { recentCommits } from './recent-commits.ts'

const DAY = 86_400_000
export const FORECAST_DAYS = 60
const MOST = 2000 // commits
const NO_CHANGE = new Set([
  'documentation',
  'tests',
  'formatting',
  'chore',
  'translation',
  'dependencies',
  'release',
  'revert',
])

/** A change that may be what was forecast. */
export interface Came {
  readonly subject: string
  readonly changed: readonly string[]
}

/** Rarity of a term among titles: log(1 + titles / titles that hold it). */
export function rarityAmong(titles: readonly string[]): (term: string) => number {
  const holders = countEach(titles.flatMap((title) => [...new Set(termsOf(title))]))
  return (term) => Math.log(1 + titles.length / (holders.get(term) ?? 1))
}

/** Whether a commit may be a hit at all: it is about what the program does. */
export function isChange({ subject }: Pick<Came, 'subject'>): boolean {
  return !NO_CHANGE.has(readsLike(subject))
}

/**
 * Looks what became of open forecasts: a commit since then that has its words and one of its files is a hit; one that is sixty days old and
 * was not asked for is dropped and counts as missed. Returns the items of each.
 */
export async function followForecasts(
  { root, head }: Repo,
  store: Store,
  now: number,
): Promise<{ readonly hits: readonly number[]; readonly missed: readonly number[] }> {
  const open = store.forecasts.all().filter(({ outcome }) => outcome === 'open')
  const hits: number[] = []
  const missed: number[] = []
  if (open.length === 0) return { hits, missed }
  const commits = await recentCommits(root, head, { most: MOST })
  const rarity = rarityAmong(commits.map(({ subject }) => subject))
  for (const { item, request, files, madeAt } of open) {
    const since = commits.filter((commit) => commit.time * 1000 > madeAt && isChange(commit)).reverse()
    const hit = since.find(({ subject, changed }) =>
      matchesForecast({ title: request, files }, { title: subject, files: changed }, rarity),
    )
    const isOld = now - madeAt > FORECAST_DAYS * DAY
    if (!hit && !isOld) continue
    store.db.transaction(() => {
      store.forecasts.end(item, hit ? 'hit' : 'missed', hit?.hash ?? null)
      if (store.backlog.get(item)?.state !== 'forecast') return // the user has approved it
      if (hit) store.backlog.setState(item, 'applied', now, `done by ${hit.hash.slice(0, 10)}`)
      else store.backlog.setState(item, 'dropped', now, 'nobody asked for it')
    })
    ;(hit ? hits : missed).push(item)
  }
  return { hits, missed }
}
