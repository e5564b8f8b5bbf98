import type { Command } from '../command.ts'
import { JSON_OPTION, MODEL_OPTION } from './options.ts'

export const ask: Command = {
  name: 'ask',
  summary: 'answer a question about the repository, with file:line evidence',
  details:
    'With a model, one call over the pack for the question. Without one, the places that speak of it, with what their authors say.',
  argument: { name: 'question', text: 'the question ("-" reads standard input)' },
  options: [
    MODEL_OPTION, // before --no-model, which would else make it true where it is not given
    { flags: '--no-model', text: 'answer from the index alone, even if a model is set' },
    JSON_OPTION,
  ],
  examples: ['repose ask "Where are prices rounded?"', 'repose ask "How is a new formatter registered?" --json'],
  async run(wire, argument, values) {
    const [{ readRequest }, { answerQuestion }] = await Promise.all([
      import('../read-request.ts'),
      import('../../agents/feature/answer-question.ts'),
    ])
    const question = await readRequest(argument, wire.signal)
    const llm = values.model === false ? null : await wire.llmIfAny('test')
    if (values.model !== false && !llm) await wire.sayIfHalfSet('test')
    const { repo, store, worktree } = await wire.facts()
    const answer = await answerQuestion(question, { repo, store, worktree, llm, signal: wire.signal })
    if (wire.flags.json) wire.printJson(answer)
    else wire.print(answer.text)
    for (const note of answer.notes) wire.say(`note: ${note}`)
    if (answer.problem !== null && answer.fix !== null)
      wire.sayFailure(`the model gave no answer (${answer.problem}); this is from the index alone`, answer.fix)
    return answer.evidence.length > 0 && !answer.problem ? 0 : 1
  },
}
