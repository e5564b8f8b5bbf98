import type { ToolSpec } from '../types.ts'

/** Something that a model may do. A failure is a result for the model to read, never a throw. */
export interface Tool extends ToolSpec {
  /** input: the arguments, parsed; their shape is not checked. `ends`: the run is over after this call. */
  run(input: Readonly<Record<string, unknown>>): Promise<{ readonly text: string; readonly ends?: boolean }>
}
