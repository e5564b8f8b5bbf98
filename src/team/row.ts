import { createHash } from 'node:crypto'
import * as z from 'zod'
import { SUMMARY_KINDS, type SummaryKindId } from '../summary/kinds/index.ts'
import type { SummaryKind } from '../summary/summary-kind.ts'
import { parseJson } from '../text/parse-json.ts'
import { printable } from '../text/printable.ts'

/** Bytes of a row as a line. The longest summary has about 8,000. */
export const MOST_ROW = 65_536
const AHEAD_MS = 86_400_000 // clocks differ; a row of next year would win over all others until then

/** A control character, as JSON writes it: not a backslash before a letter, which it writes as two. */
const CONTROL = /(?<!\\)(?:\\\\)*\\(?:u00[01]|[bfnrt])/

const HEX = /^[0-9a-f]+$/
const digest = z.string().length(64).regex(HEX)
const commit = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/)
const time = z.int().min(0)
const text = (most: number) => z.string().min(1).max(most)
const path = text(1000).regex(/^(?![/\\~])(?!.*(^|\/)\.\.(\/|$))(?![A-Za-z]:)/)
// a model in a file is named by its path: such a name reveals a user's folders
const model = text(200).regex(/^(?!none$)(?![/\\~.])(?![A-Za-z]:[\\/])[\w.:@+/ -]+$/)

const SOURCES: Readonly<Record<SummaryKindId, RegExp>> = {
  symbol: /^[0-9a-f]{16}$/,
  file: /^[0-9a-f]{64}$/,
  module: /^[0-9a-f]{64}-[0-9a-f]{16}$/,
  repository: /^[0-9a-f]{64}-[0-9a-f]{16}$/,
}

const SUMMARY = z.strictObject({
  kind: z.literal('summary'),
  of: z.enum(['symbol', 'file', 'module', 'repository']),
  source: text(90),
  prompt: z.int().min(1).max(100_000),
  model,
  at: time,
  body: z.unknown(),
})

const STEP = z.strictObject({
  kind: z.enum(['source', 'test', 'doc', 'changelog', 'other']),
  place: path,
  isPattern: z.boolean(),
  isNew: z.boolean(),
  model: path.nullable(),
  held: z.int().min(0).max(100_000),
  created: z.int().min(0).max(100_000),
  share: z.number().min(0).max(1),
})

const RECIPE = z.strictObject({
  name: text(200),
  by: z.enum(['kind', 'word', 'habit']),
  word: text(100).nullable(),
  sources: z.number().min(0).max(10_000),
  steps: z.array(STEP).min(1).max(20),
  commits: z.array(z.strictObject({ hash: commit, subject: z.string().max(500), time: z.int() })).max(60),
})

/** One recipe that was mined at a commit, at its place among all that were mined there. */
const RECIPES = z.strictObject({
  kind: z.literal('recipe'),
  head: commit,
  version: z.int().min(1).max(100_000),
  additions: z.int().min(0).max(1_000_000),
  position: z.int().min(0).max(500),
  at: time,
  recipe: RECIPE,
})

/** What an agent asked to see for a request, and what became of its draft. The request itself is not included. */
const PLAN = z.strictObject({
  kind: z.literal('plan'),
  request: digest,
  base: commit,
  at: time,
  plan: z.array(text(300)).max(100),
  seen: z.array(path).max(400),
  files: z.array(path).max(400),
  checks: z.strictObject({ passed: z.int().min(0).max(1000), failed: z.int().min(0).max(1000) }).nullable(),
})

const ROW = z.discriminatedUnion('kind', [SUMMARY, RECIPES, PLAN])

export type SharedSummary = z.infer<typeof SUMMARY>
export type SharedRecipe = z.infer<typeof RECIPES>
export type SharedPlan = z.infer<typeof PLAN>
export type Row = SharedSummary | SharedRecipe | SharedPlan

/** A row with its line, as it stands in a pack. */
export interface NamedRow {
  readonly row: Row
  /** sha-256 of the row's JSON: its name. */
  readonly hash: string
  /** Rows with the same key are versions of the same thing. */
  readonly key: string
  readonly line: string
}

/** Why a row is not taken. */
export class Refused extends Error {}

/** Reads a line and checks shape, size, characters and hash. Throws Refused. now: milliseconds since 1970. */
export function readRow(line: string, now: number): NamedRow {
  if (Buffer.byteLength(line) > MOST_ROW) throw new Refused(`larger than ${MOST_ROW / 1024} kB`)
  let value: unknown
  try {
    value = parseJson(line)
  } catch {
    throw new Refused('no JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refused('no row')
  const { hash, ...given } = value as Record<string, unknown>
  const named = nameRow(given, now)
  if (named.hash !== hash) throw new Refused('another content than its hash names')
  return named
}

/** Checks a row, and names it. Throws Refused. */
export function nameRow(given: unknown, now: number): NamedRow {
  const parsed = ROW.safeParse(given)
  if (!parsed.success) throw new Refused('another shape than rows have')
  const row = parsed.data.kind === 'summary' ? { ...parsed.data, body: bodyOf(parsed.data) } : parsed.data
  if (row.at > now + AHEAD_MS) throw new Refused('written in the future')
  const json = JSON.stringify(row)
  if (printable(json) !== json || CONTROL.test(json)) throw new Refused('hidden characters')
  const hash = createHash('sha256').update(json).digest('hex')
  return { row, hash, key: keyOf(row), line: `{"hash":"${hash}",${json.slice(1)}` }
}

/** The body in the shape of its kind, cut to size like a reply of a model. */
function bodyOf({ of, source, body }: SharedSummary): object {
  if (!SOURCES[of].test(source)) throw new Refused('no source hash')
  const { tidy } = SUMMARY_KINDS[of] as unknown as SummaryKind<object, object>
  const parsed = schemaOf(of).safeParse(body)
  const names = of === 'module' || of === 'repository' ? NAMES.safeParse(body) : null
  if (!parsed.success || names?.success === false) throw new Refused('another shape than its kind of summary has')
  return { ...tidy(parsed.data), ...names?.data }
}

const schemas = new Map<SummaryKindId, z.ZodType<object>>()

function schemaOf(kind: SummaryKindId): z.ZodType<object> {
  const known = schemas.get(kind)
  if (known) return known
  const { reply } = SUMMARY_KINDS[kind] as unknown as SummaryKind<object, object>
  const schema = reply(z)
  schemas.set(kind, schema)
  return schema
}

const NAMES = z.object({ names: z.array(z.string().max(400)).max(2000) })

export function keyOf(row: Row): string {
  if (row.kind === 'summary') return `summary ${row.of} ${row.source} ${row.prompt} ${row.model}`
  if (row.kind === 'plan') return `plan ${row.request}`
  return `recipe ${row.head} ${row.version} ${row.position}`
}

/** Whether one version of a row comes before another: the newer; of equally old ones the one with the larger hash, in every clone. */
export function isNewer(one: NamedRow, other: NamedRow): boolean {
  return one.row.at - other.row.at > 0 || (one.row.at === other.row.at && one.hash > other.hash)
}
