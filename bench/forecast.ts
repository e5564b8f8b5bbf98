/**
 * How many of the features of the next sixty days are forecast, by replay at past commits.
 *
 *   OPENAI_BASE_URL=... REPOSE_MODEL=... node dist/bench/forecast.js REPOSITORY... [--points 2] [--days 60] [--every 90] [--at-once 20] [--out RESULTS.jsonl]
 *   node dist/bench/forecast.js REPOSITORY... --evidence        prints the questions, and asks nobody
 *
 * For each repository, the newest point is the last mainline commit that is `days` older than the newest; the others lie `every` days before
 * each other. At a point, evidence is gathered from that commit and its past alone, and the model is asked once. A feature is a mainline
 * commit of the next `days` that reads like a feature and changes a source file. A forecast is a hit if a later commit matches it
 * (src/backlog/matches-forecast.ts); a feature is forecast if a forecast matches it. For comparison, `shifted`: the same forecasts against
 * the features of the `days` before the question, which the model was partly shown, and `chance`: against those of another repository.
 */
import './bare-clones.ts'
import { appendFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import PQueue from 'p-queue'
import { FORECAST_DAYS, isChange, rarityAmong } from '../agents/night/follow-forecasts.ts'
import { type Forecast, forecast, forecastRequest } from '../agents/night/forecast.ts'
import { gatherEvidence } from '../agents/night/gather-evidence.ts'
import { recentCommits } from '../agents/night/recent-commits.ts'
import { matchesForecast } from '../src/backlog/matches-forecast.ts'
import { readConfig } from '../src/config/read-config.ts'
import { countEach } from '../src/groups.ts'
import { meteredLlm } from '../src/llm/meter.ts'
import { openLlm } from '../src/llm/open-llm.ts'
import { isSource } from '../src/paths.ts'
import { readsLike } from '../src/request/reads-like.ts'
import { secretKeeper } from '../src/secrets/secret-keeper.ts'

const DAY = 86_400 // seconds
const { values, positionals: repositories } = parseArgs({
  allowPositionals: true,
  options: {
    points: { type: 'string', default: '2' },
    days: { type: 'string', default: String(FORECAST_DAYS) },
    every: { type: 'string', default: '90' },
    'at-once': { type: 'string', default: '20' },
    evidence: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
})
if (repositories.length === 0) {
  console.error(
    'usage: node dist/bench/forecast.js REPOSITORY... [--points 2] [--days 60] [--every 90] [--evidence] [--out RESULTS.jsonl]',
  )
  process.exit(2)
}
const [days, every] = [Number(values.days) * DAY, Number(values.every) * DAY]
type Commit = Awaited<ReturnType<typeof recentCommits>>[number]
interface Point {
  readonly name: string
  readonly root: string
  readonly at: Commit
  readonly all: readonly Commit[]
}
const points: Point[] = []
for (const root of repositories) {
  const all = await recentCommits(root, 'HEAD', { most: 5000 })
  for (let i = 0; i < Number(values.points); i++) {
    const latest = all[0]!.time - days - i * every
    const at = all.find(({ time }) => time <= latest)
    if (at) points.push({ name: `${basename(root)}@${at.hash.slice(0, 7)}`, root, at, all })
  }
}

if (values.evidence) for (const { name, root, at } of points) await printEvidence(name, root, at.hash)
else await ask()

async function printEvidence(name: string, root: string, commit: string): Promise<void> {
  const gathered = await gatherEvidence(root, commit, secretKeeper())
  const kinds = [...countEach(gathered.evidence.map(({ kind }) => kind))].map(([kind, n]) => `${n} ${kind}`)
  console.log(`## ${name}: ${kinds.join(', ')}\n\n${forecastRequest(gathered, []).messages[1]!.content}\n`)
}

async function ask(): Promise<void> {
  const { model, baseUrl, apiKey } = await readConfig(process.cwd())
  if (!model) throw new Error('name a model with REPOSE_MODEL, and its endpoint with OPENAI_BASE_URL')
  const queue = new PQueue({ concurrency: Number(values['at-once']) })
  const lines = await queue.addAll(points.map((point) => () => replay(point, model, { baseUrl, apiKey })))
  const sum = (of: (line: (typeof lines)[number]) => number) => lines.reduce((all, line) => all + of(line), 0)
  console.log(
    JSON.stringify({
      points: lines.length,
      forecasts: sum((line) => line.forecasts.length),
      hits: sum((line) => line.hits.length),
      shifted: sum((line) => line.shifted),
      chance: sum((line) => line.chance),
      features: sum((line) => line.features),
      forecast: sum((line) => line.forecast),
      refused: sum((line) => line.refused),
      tokens: sum((line) => line.tokens),
    }),
  )
}

async function replay(
  point: Point,
  model: string,
  endpoint: { baseUrl?: string | undefined; apiKey?: string | undefined },
) {
  const { name, root, at, all } = point
  const secrets = secretKeeper()
  let tokens = 0
  const llm = meteredLlm(
    openLlm({ model, timeoutMs: 7_200_000, stream: true, ...endpoint }),
    ({ usage }) => {
      tokens += usage.inputTokens + usage.outputTokens
    },
    secrets.redact,
  )
  const gathered = await gatherEvidence(root, at.hash, secrets)
  const { found, problem } = await forecast(gathered, [], llm, new AbortController().signal)
  if (!found) throw new Error(`${name}: ${problem}`)
  const later = all.filter(({ time }) => time > at.time && time <= at.time + days)
  const before = all.filter(({ time }) => time <= at.time && time > at.time - days)
  const other = points.find(({ root: elsewhere }) => elsewhere !== root)?.all.slice(0, later.length) ?? []
  const rarity = rarityAmong(all.filter(({ time }) => time <= at.time).map(({ subject }) => subject))
  const matches = (one: Forecast, { subject, changed }: Commit) =>
    matchesForecast(one, { title: subject, files: changed }, rarity)
  const features = later.filter(isFeature)
  const changes = later.filter(isChange)
  const hits = found.forecasts.flatMap((one) => {
    const hit = changes.findLast((commit) => matches(one, commit))
    return hit ? [{ title: one.title, by: hit.subject, kinds: one.evidence.map(({ kind }) => kind) }] : []
  })
  const countHits = (commits: readonly Commit[]) =>
    found.forecasts.filter((one) => commits.filter(isChange).some((commit) => matches(one, commit))).length
  const line = {
    point: name,
    features: features.length,
    forecast: features.filter((commit) => found.forecasts.some((one) => matches(one, commit))).length,
    forecasts: found.forecasts.map(({ title, files, likelihood, evidence }) => ({
      ...{ title, files, likelihood },
      evidence: evidence.map(({ kind, place }) => `${kind} ${place}`),
    })),
    refused: found.refused,
    hits,
    shifted: countHits(before),
    chance: countHits(other),
    tokens,
    titles: features.map(({ subject }) => subject),
  }
  console.log(JSON.stringify(line, null, 1))
  if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`)
  return line
}

function isFeature({ subject, changed }: Commit): boolean {
  return readsLike(subject) === 'feature' && changed.some(isSource)
}
