import type { ExportInput } from '../../src/exports/repository-facts.ts'
import { redactSecrets } from '../../src/secrets/find-secrets.ts'
import type { Example } from './example.ts'
import { examplesOfRuns } from './examples-of-runs.ts'
import { examplesOfSummaries } from './examples-of-summaries.ts'
import { withoutPlaces } from './without-places.ts'

export interface TrainingExamples {
  /** JSONL: {"messages": [{"role": ..., "content": ...}, ...]} */
  readonly text: string
  readonly counts: Readonly<Record<Example['kind'], number>>
  /** Examples in which a secret was found. */
  readonly withheld: number
}

/**
 * What kept transcripts and summaries can teach a model. Only runs that ended well and summaries of sources as they are now count. An example
 * with a secret is left out whole; names of folders of this machine and of its user are replaced. The same state gives the same bytes.
 */
export async function trainingExamples(input: ExportInput, signal?: AbortSignal): Promise<TrainingExamples> {
  const counts = { choice: 0, edits: 0, summary: 0 }
  const lines = new Set<string>() // two runs of one recording make the same example
  let withheld = 0
  const clean = withoutPlaces(input.repo.root)
  for await (const { kind, messages } of both(input)) {
    signal?.throwIfAborted()
    const said = messages.map(({ role, content }) => ({ role, content: clean(content) }))
    const whole = said.map(({ content }) => content).join('\n\n')
    if ((await redactSecrets(whole)) !== whole) {
      withheld++
      continue
    }
    const line = JSON.stringify({ messages: said })
    if (!lines.has(line)) counts[kind]++
    lines.add(line)
  }
  return { text: [...lines].map((line) => `${line}\n`).join(''), counts, withheld }
}

async function* both(input: ExportInput): AsyncGenerator<Example> {
  yield* examplesOfRuns(input.repo.commonDir)
  yield* examplesOfSummaries(input)
}
