import type { z } from 'zod'
import { readAsset } from '../assets.ts'

/** What summaries of one kind of subject say, and how they are asked for. */
export interface SummaryKind<Body, Reply> {
  readonly id: 'symbol' | 'file' | 'module' | 'repository'
  /** Raise it, and every summary of the kind is written anew. */
  readonly promptVersion: number
  /** Asset with what the model is told; null: another kind's call writes these. */
  readonly prompt: string | null
  /** What is stored. */
  readonly body: z.ZodType<Body>
  /** What the model is asked for: the body without what is added to it afterwards. */
  readonly reply: z.ZodType<Reply>
  /** A reply with its texts on one line each and cut to size. */
  tidy(reply: Reply): Reply
  /** What an agent reads, on one line; '' when the body says nothing. */
  render(body: Body): string
}

/** The text of a kind's prompt. Throws for a kind that has none: a bug. */
export function promptOf({ id, prompt }: Pick<SummaryKind<unknown, unknown>, 'id' | 'prompt'>): string {
  if (prompt === null) throw new Error(`summaries of kind ${id} are not asked for`)
  return readAsset(prompt).trim()
}
