import { startsOf } from '../../src/daemon/hours.ts'
import { countEach } from '../../src/groups.ts'
import type { Receipt } from '../../src/store/ledger.ts'
import type { Store } from '../../src/store/open-store.ts'
import { callsMade, count, duration, plural, usd, when } from '../format.ts'

const EVENING_HOURS = 18

export interface Night {
  /** Milliseconds since 1970: yesterday evening. */
  readonly since: number
  readonly passes: readonly Receipt[]
  /** What this working tree last learned from its history: its recipes. */
  readonly learned: readonly string[]
  /** How many of the passes were for other working trees. */
  readonly others: number
  /** Summaries by a model since then, newest first. */
  readonly subjects: readonly { readonly subject: string; readonly kind: string }[]
}

/** Passes since yesterday evening, in all working trees: they share summaries and money. root: of this one. */
export function nightOf(store: Store, root: string, now: number): Night {
  const since = startsOf(startsOf(now).day - 1).day + EVENING_HOURS * 3_600_000
  const subjects = store.db.all<{ subject: string; kind: string }>(
    `SELECT subject, summary.kind AS kind FROM latest_summary JOIN summary ON summary.id = summary
     WHERE written_at >= ? AND model <> 'none' AND summary.kind <> 'symbol' ORDER BY written_at DESC`,
    since,
  )
  const passes = store.ledger.receipts(500).filter((pass) => pass.startedAt >= since)
  const isOther = (pass: Receipt) => pass.root !== null && pass.root !== root
  const own = passes.filter((pass) => !isOther(pass))
  const notes = own.flatMap((pass) => pass.notes)
  const learned = notes.filter((note) => note.startsWith('recipes: ')).slice(0, 1)
  return { since, passes, learned, others: passes.length - own.length, subjects }
}

/** The night in at most ten lines; none if no pass ran. endOf: how a pass ended, in words. */
export function nightLines(
  { since, passes, learned, others, subjects }: Night,
  endOf: (pass: Receipt) => string,
): string[] {
  if (passes.length === 0) return []
  const sum = (of: (pass: Receipt) => number) => passes.reduce((total, pass) => total + of(pass), 0)
  const ms = sum((pass) => (pass.endedAt ?? pass.startedAt) - pass.startedAt)
  const calls = sum((pass) => pass.calls)
  const failed = sum((pass) => pass.failed)
  const cost = passes.some((pass) => pass.usd === null) ? null : sum((pass) => pass.usd!)
  const ends = countEach(passes.map(endOf))
  const newest = subjects.slice(0, 3).map(({ subject }) => subject)
  const rejections = passes
    .flatMap((pass) => pass.notes)
    .filter((note) => !/^(ranking|recipes|past|backlog): /.test(note))
  const backlog = backlogLine(passes)
  const reason = passes.find(({ stop }) => stop === 'model-failed' || stop === 'failed')?.reason
  return [
    `${plural(passes.length, 'pass')} since ${when(since)}${others > 0 ? ` (${count(others)} in other working trees)` : ''}, ${duration(ms)} in all`,
    ...(subjects.length > 0
      ? [`  about     ${plural(subjects.length, 'subject')}, the last: ${newest.join(', ')}`]
      : []),
    calls > 0
      ? `  spent     ${callsMade(calls, failed)}, ${count(sum((pass) => pass.inputTokens))} tokens in, ${count(sum((pass) => pass.outputTokens))} out, ${usd(cost)}`
      : '  spent     nothing, no model was asked',
    `  written   ${plural(
      sum((pass) => pass.written),
      'summary',
    )}`,
    ...learned.map((note) => `  learned   ${note}`),
    ...backlog.map((line) => `  backlog   ${line}`),
    `  rejected  ${count(sum((pass) => pass.rejected))}`,
    ...rejections.slice(0, Math.max(0, 2 - learned.length - backlog.length)).map((note) => `            ${note}`),
    `  ended     ${[...ends].map(([stop, times]) => (passes.length > 1 ? `${times} ${stop}` : stop)).join(', ')}`,
    ...(reason ? [`            ${reason}`] : []),
    '  more      repose receipts, repose watch status',
  ]
}

const OF_REQUESTS = /^backlog: (drafted|needs you:|moved to the new HEAD:|checked:|there already:) (#\d+(?:, #\d+)*)$/

/** 'drafted #1, #6; needs you: #2', from the notes of all passes; [] if none worked on a request. */
function backlogLine(passes: readonly Receipt[]): string[] {
  const kinds = new Map<string, Set<string>>()
  for (const note of [...passes].reverse().flatMap(({ notes }) => notes)) {
    const [, kind, ids] = OF_REQUESTS.exec(note) ?? []
    if (kind && ids) kinds.set(kind, new Set([...(kinds.get(kind) ?? []), ...ids.split(', ')]))
  }
  const parts = [...kinds].map(([kind, ids]) => `${kind} ${[...ids].join(', ')}`)
  return parts.length > 0 ? [parts.join('; ')] : []
}
