import type { ToolSpec } from '../types.ts'

/** Calls of one reply that are run; further ones are refused. */
export const MOST_CALLS = 30
export const TOO_MANY_CALLS = `not run: ${MOST_CALLS} calls of one reply are run; call again what you still need`

/** An action that a model may call. Failures are returned as text for the model, never thrown. */
export interface Tool extends ToolSpec {
  /** input: the parsed arguments; their shape is not checked. `ends`: the run ends after this call. */
  run(input: Readonly<Record<string, unknown>>): Promise<{ readonly text: string; readonly ends?: boolean }>
}
