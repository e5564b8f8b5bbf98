import type { z } from 'zod'
import { readAsset } from '../assets.ts'

/** Passed in by code that asks a model. Code that reads summaries needs no zod, and loading it takes as long as ranking. */
export type Zod = typeof z

/** What summaries of one kind contain, and how a model is asked for them. */
export interface SummaryKind<Body, Reply> {
  readonly id: 'symbol' | 'file' | 'module' | 'repository'
  /** Raise it to have every summary of the kind written anew. */
  readonly promptVersion: number
  /** Asset with the instructions for the model; null: the call of another kind writes these. */
  readonly prompt: string | null
  /** Schema of the model's reply: the body without what is added to it afterwards. */
  readonly reply: (zod: Zod) => z.ZodType<Reply>
  /** An empty body. A stored body has its keys and kinds of values. */
  readonly empty: Body
  /** A reply with each text on one line and cut to size. */
  tidy(reply: Reply): Reply
  /** The text for an agent, on one line; '' if the body is empty. Cut to size where it is one of many. */
  render(body: Body): string
  /** All of it that is read as text, on one line; '' if the body is empty. For a reader who asks for this subject alone. */
  tell(body: Body): string
  /** Who is shown each field of a reply. A field without a reader is not written. */
  readonly readBy: Readonly<Record<keyof Reply & string, string>>
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
