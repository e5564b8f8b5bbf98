import type { Llm } from '../src/types.ts'
import type { Values } from './command.ts'
import type { Wire } from './wire.ts'

/** The model of a command: the one recorded in --replay, or the configured one, kept in --record if that is given. null: none is set. */
export async function modelFor(wire: Wire, phase: 'sleep' | 'test', values: Values): Promise<Llm | null> {
  if (values.replay) {
    const [{ recordedLlm }, { readRecording }] = await Promise.all([
      import('../src/llm/recorded-llm.ts'),
      import('../src/llm/recording.ts'),
    ])
    return recordedLlm(readRecording(String(values.replay)))
  }
  const llm = await wire.llmIfAny(phase)
  if (!llm || !values.record) return llm
  const { recordingLlm } = await import('../src/llm/recording-llm.ts')
  return recordingLlm(llm, String(values.record))
}
