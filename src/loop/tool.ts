import type { ToolSpec } from '../types.ts'

/** Calls that are run of one reply; the others are answered with a refusal. */
export const MOST_CALLS = 30
export const TOO_MANY_CALLS = `not run: ${MOST_CALLS} calls of one reply are run; call again what you still need`

/** Something that a model may do. A failure is a result for the model to read, never a throw. */
export interface Tool extends ToolSpec {
  /** input: the arguments, parsed; their shape is not checked. `ends`: the run is over after this call. */
  run(input: Readonly<Record<string, unknown>>): Promise<{ readonly text: string; readonly ends?: boolean }>
}
