import * as z from 'zod'
import { readAsset } from '../../src/assets.ts'
import type { Evidence } from '../../src/backlog/evidence/evidence.ts'
import { keyOfWords } from '../../src/backlog/read-items.ts'
import { countEach } from '../../src/groups.ts'
import { completeJson, isDeferred } from '../../src/llm/json-reply.ts'
import { isSource } from '../../src/paths.ts'
import { clipTokens } from '../../src/summary/clip-tokens.ts'
import { inTags } from '../../src/text/in-tags.ts'
import type { Llm, LlmRequest } from '../../src/types.ts'
import type { Gathered } from './gather-evidence.ts'

export const MOST_FORECASTS = 10
const MOST_FILES = 6
const MOST_KNOWN = 40 // titles
const TITLE_TOKENS = 24
/** What the question usually takes (docs/results.md#the-night-shift). */
export const USUAL_FORECAST = { inputTokens: 2200, cachedTokens: 0, outputTokens: 300 }
const EVIDENCE_TOKENS = 5000
const FOLDER_TOKENS = 600

const REPLY = z.object({
  forecasts: z.array(
    z.object({
      title: z.string().trim().min(1).max(200),
      files: z.array(z.string()).nullish(),
      evidence: z.array(z.union([z.string(), z.int()])).nullish(),
      likelihood: z.number().nullish(),
    }),
  ),
})

/** A request that is likely to come. */
export interface Forecast {
  readonly title: string
  /** Existing files that it would change. */
  readonly files: readonly string[]
  readonly evidence: readonly Evidence[]
  /** As the model says, from 0 to 1. */
  readonly likelihood: number
}

export interface Forecasts {
  readonly forecasts: readonly Forecast[]
  /** Proposals that name no evidence that exists, or that are there already. */
  readonly refused: number
}

export interface ForecastAnswer {
  /** null: there was no usable answer. */
  readonly found: Forecasts | null
  readonly problem: string | null
  readonly fix: string | null
  /** The question was left with the Batch API. */
  readonly isDeferred: boolean
}

/** The forecasts of one call, checked; null: there was no usable answer, and `problem` says why. */
export async function forecast(
  gathered: Gathered,
  known: readonly string[],
  llm: Llm,
  signal: AbortSignal,
): Promise<ForecastAnswer> {
  const { value, problem, fix, replies } = await completeJson(
    llm,
    forecastRequest(gathered, known),
    (reply) => checkForecasts(REPLY.parse(reply), gathered, known),
    signal,
  )
  const isLeft = isDeferred(replies)
  return { found: value, problem: value ? null : (problem ?? 'no answer'), fix: fix ?? null, isDeferred: isLeft }
}

/** The question, of about 2,500 tokens (docs/results.md#the-night-shift). Evidence is numbered from 1. */
export function forecastRequest({ evidence, paths }: Gathered, known: readonly string[]): LlmRequest {
  const lines = evidence.map(({ kind, place, text }, i) => `E${i + 1} ${kind} ${place}: ${text}`)
  const titles = known.slice(0, MOST_KNOWN).map((title) => `- ${clipTokens(title, TITLE_TOKENS)}`)
  const fenced = (tag: string, content: string) => inTags(tag, content, ['evidence', 'folders', 'known'])
  return {
    purpose: 'forecast',
    messages: [
      { role: 'system', content: readAsset('agents/night/forecast.md').trim() },
      {
        role: 'user',
        content: [
          fenced('evidence', clipTokens(lines.join('\n'), EVIDENCE_TOKENS)),
          fenced('folders', clipTokens(foldersOf(paths), FOLDER_TOKENS)),
          fenced('known', titles.join('\n')),
        ].join('\n\n'),
      },
    ],
  }
}

/**
 * Keeps what can be verified of proposals: evidence that was shown, and files that exist. Refused are proposals without evidence, and those
 * with the title of a known request, of a recent commit or of another proposal.
 */
export function checkForecasts(
  { forecasts }: z.infer<typeof REPLY>,
  { evidence, paths, commits }: Gathered,
  known: readonly string[],
): Forecasts {
  const exists = new Set(paths)
  const seen = new Set([...known, ...commits.map(({ subject }) => subject)].map(keyOfWords))
  const found = forecasts.flatMap(({ title, files, evidence: named, likelihood }): Forecast[] => {
    const oneLine = title.replace(/\s+/g, ' ')
    const numbers = new Set((named ?? []).map((one) => Number(String(one).replace(/^E/i, ''))))
    const shown = [...numbers].flatMap((number) => evidence[number - 1] ?? [])
    if (shown.length === 0 || seen.has(keyOfWords(oneLine))) return []
    seen.add(keyOfWords(oneLine))
    const real = [...new Set(files ?? [])].filter((path) => exists.has(path)).slice(0, MOST_FILES)
    return [{ title: oneLine, files: real, evidence: shown, likelihood: Math.min(1, Math.max(0, likelihood ?? 0.5)) }]
  })
  return { forecasts: found.slice(0, MOST_FORECASTS), refused: forecasts.length - found.length }
}

/** Folders of source files with their files, the largest first: 'src/llm/ (9): budget.ts, meter.ts'. */
function foldersOf(paths: readonly string[]): string {
  const sources = paths.filter(isSource)
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
  const counts = [...countEach(sources.map(folderOf))].sort((a, b) => b[1] - a[1])
  return counts
    .map(([folder, count]) => {
      const names = sources.filter((path) => folderOf(path) === folder).map((path) => path.slice(folder.length))
      return `${folder || './'} (${count}): ${names.slice(0, 12).join(', ')}`
    })
    .join('\n')
}
