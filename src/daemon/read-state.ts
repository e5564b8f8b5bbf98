import { z } from 'zod'
import { readRegularText } from '../files/read-regular.ts'
import { parseJson } from '../text/parse-json.ts'
import { statePath, type WatchState } from './state.ts'

/** The state written last, even by a daemon that has ended. null: there is none, or it is not in the format of saveState(). */
export function readState(db: string): WatchState | null {
  const text = readRegularText(statePath(db))
  if (text === null) return null
  try {
    return STATE.safeParse(parseJson(text)).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

const time = z.number().finite()
const count = z.number().nonnegative()
const tokens = count.nullable()
const usd = z.number().nonnegative().nullable()
const grade = z.enum(['short', 'long'])
const spent = z.object({ tokens: count, usd })

const budget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('free'), why: z.string() }),
  z.object({ kind: z.literal('left'), tokens, usd }),
  z.object({ kind: z.literal('reached'), why: z.string(), until: time }),
])

const STATE: z.ZodType<WatchState> = z.object({
  pid: z.int().positive(),
  root: z.string(),
  startedAt: time,
  writtenAt: time,
  alongside: z.array(z.string()),
  watching: z
    .object({
      how: z.enum(['files', 'folders', 'poll']),
      why: z.string(),
      files: count,
      watches: count,
      readyMs: count,
    })
    .nullable(),
  heartbeats: z.array(z.object({ path: z.string(), everyMs: count })),
  facts: z.object({ at: time, files: count, ms: count }).nullable(),
  thinking: z.object({ subject: z.string(), done: count, total: count, grade, since: time }).nullable(),
  lastPass: z
    .object({
      grade,
      endedAt: time,
      end: z.enum(['done', 'budget', 'kept', 'capped', 'woken', 'failed', 'busy']),
      reason: z.string().nullable(),
      failures: count,
      changedSince: z.boolean(),
    })
    .nullable(),
  money: z.object({ budget, spent: z.object({ day: spent, month: spent }).nullable() }).nullable(),
  memoryMb: count,
  state: z.enum(['active', 'idle', 'held', 'stopped']),
  grade: z.enum(['none', 'facts', 'short', 'long']),
  cause: z.string(),
  reason: z.string(),
  nextLookAt: time,
  comes: z.enum(['facts', 'short', 'long', 'pass', 'look', 'change']),
})
