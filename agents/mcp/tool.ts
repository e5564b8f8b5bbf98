import type * as z from 'zod'
import type { Repo } from '../../src/repo/open-repo.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { FileNumbers } from './file-numbers.ts'
import type { LastRequest } from './last-request.ts'

/** The input of every tool: one repository, with facts that were just brought up to date. */
export interface Index {
  readonly repo: Repo
  readonly store: Store
  readonly worktree: number
  readonly maxFileBytes: number
  /** Tokens of a pack, if the call does not say. */
  readonly packTokens: number
  readonly numbers: FileNumbers
  readonly lastRequest: LastRequest
  readonly signal: AbortSignal
}

/** text: what an agent reads. data: the same for programs, which `output` describes. */
export interface Answer<Data = object> {
  readonly text: string
  readonly data: Data
  /** Whether something in it was written from an earlier state of its source. */
  readonly isStale?: boolean
}

/** A tool of the server. Its description is written for a model: when to call it, and what it costs. */
export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: z.ZodObject
  readonly output: z.ZodObject
  answer(input: unknown, index: Index): Promise<Answer>
}

/** The tool, with the types of its schemas. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Omit<Tool, 'input' | 'output' | 'answer'> & {
    readonly input: Input
    readonly output: Output
    answer(input: z.infer<Input>, index: Index): Promise<Answer<z.infer<Output>>>
  },
): Tool {
  return { ...tool, answer: (input, index) => tool.answer(input as z.infer<Input>, index) }
}
