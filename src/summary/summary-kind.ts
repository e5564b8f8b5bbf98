import type { z } from 'zod'
import { readAsset } from '../assets.ts'

/** Handed over by who asks a model: reading summaries needs no zod, and loading it takes as long as ranking. */
export type Zod = typeof z

/** What summaries of one kind of subject say, and how they are asked for. */
export interface SummaryKind<Body, Reply> {
  readonly id: 'symbol' | 'file' | 'module' | 'repository'
  /** Raise it, and every summary of the kind is written anew. */
  readonly promptVersion: number
  /** Asset with what the model is told; null: another kind's call writes these. */
  readonly prompt: string | null
  /** What the model is asked for: the body without what is added to it afterwards. */
  readonly reply: (zod: Zod) => z.ZodType<Reply>
  /** A body that says nothing: what is stored has its keys and kinds of values. */
  readonly empty: Body
  /** A reply with its texts on one line each and cut to size. */
  tidy(reply: Reply): Reply
  /** What an agent reads, on one line; '' when the body says nothing. */
  render(body: Body): string
}

/** True if a stored body has the shape that its kind has today. */
export function hasShape<Body extends object>(empty: Body, body: unknown): body is Body {
  if (typeof body !== 'object' || body === null) return false
  const stored = body as Readonly<Record<string, unknown>>
  return Object.entries(empty).every(
    ([key, value]) => typeof stored[key] === typeof value && Array.isArray(stored[key]) === Array.isArray(value),
  )
}

/** The text of a kind's prompt. Throws for a kind that has none: a bug. */
export function promptOf({ id, prompt }: Pick<SummaryKind<unknown, unknown>, 'id' | 'prompt'>): string {
  if (prompt === null) throw new Error(`summaries of kind ${id} are not asked for`)
  return readAsset(prompt).trim()
}
