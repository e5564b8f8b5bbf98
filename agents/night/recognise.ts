import * as z from 'zod'
import { readAsset } from '../../src/assets.ts'
import { nearestItems, type Recognisable } from '../../src/backlog/find-item.ts'
import { completeJson } from '../../src/llm/json-reply.ts'
import { clipTokens } from '../../src/summary/clip-tokens.ts'
import { inTags } from '../../src/text/in-tags.ts'
import { shorten } from '../../src/text/shorten.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import type { Llm, Message } from '../../src/types.ts'
import { listTitles } from './list-titles.ts'

const MOST_TITLES = 20
const MOST_TOKENS = 540 // of the question: with its answer at most 600
export const LEAST_ANSWER = 20 // tokens

const LONGEST_MORE = 1000 // characters
const REPLY = z.object({ same: z.int().nullable(), more: z.string().nullish() })

export interface Recognised<Item> {
  readonly item: Item
  /** What the request wants beyond the item; '' for nothing. */
  readonly more: string
}

/**
 * The item that asks for the same as a request in other words, by one short question to the model (at most 600 tokens). null: none, or
 * there was no usable answer: a false match is worse than none.
 */
export async function recognise<Item extends Recognisable>(
  request: string,
  items: readonly Item[],
  llm: Llm,
  signal: AbortSignal,
): Promise<Recognised<Item> | null> {
  if (items.length === 0) return null
  const { messages, listed } = recognisePrompt(request, items)
  const { value } = await completeJson(llm, { purpose: 'recognise', messages }, (reply) => REPLY.parse(reply), signal)
  const item = listed.find(({ id }) => id === value?.same)
  return item ? { item, more: shorten(value?.more?.trim() ?? '', LONGEST_MORE) } : null
}

/** The question, with the titles that are nearest to the request. */
export function recognisePrompt<Item extends Recognisable>(
  request: string,
  items: readonly Item[],
): { readonly messages: readonly Message[]; readonly listed: readonly Item[] } {
  const nearest = nearestItems(request, items, MOST_TITLES)
  const lines = listTitles(nearest)
  const task = readAsset('agents/night/recognise.md').trim()
  const frame = (asked: string, fit: number): readonly Message[] => [
    { role: 'system', content: task },
    {
      role: 'user',
      content: `${inTags('request', asked, ['prepared'])}\n\n${inTags('prepared', lines.slice(0, fit).join('\n'), ['request'])}`,
    },
  ]
  const tokensOf = (messages: readonly Message[]) =>
    messages.reduce((sum, { content }) => sum + countTokens(content), 0)
  const asked = clipTokens(request.trim(), Math.floor((MOST_TOKENS - tokensOf(frame('', 0))) / 2))
  let fit = lines.length
  while (fit > 1 && tokensOf(frame(asked, fit)) > MOST_TOKENS) fit--
  return { messages: frame(asked, fit), listed: nearest.slice(0, fit) }
}
