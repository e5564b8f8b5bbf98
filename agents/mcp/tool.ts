import type * as z from 'zod'
import type { ServedIndex } from '../served/served-index.ts'

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
  answer(input: unknown, index: ServedIndex): Promise<Answer>
}

/** The tool, with the types of its schemas. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Omit<Tool, 'input' | 'output' | 'answer'> & {
    readonly input: Input
    readonly output: Output
    answer(input: z.infer<Input>, index: ServedIndex): Promise<Answer<z.infer<Output>>>
  },
): Tool {
  return { ...tool, answer: (input, index) => tool.answer(input as z.infer<Input>, index) }
}
