import { existsSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { Command } from '../command.ts'
import { spent } from '../format.ts'
import { isCode, paintPlaces } from '../paint/places.ts'
import { JSON_OPTION, limitOptions, MODEL_OPTION } from './options.ts'

const LEAST_OUTPUT = 200 // tokens; an answer needs more

export const ask: Command = {
  name: 'ask',
  summary: 'answer a question, or explain a file, folder or definition, with file:line evidence',
  details:
    'A file ("src/a.ts", or "./a.ts" from src), a folder ("src/"), the repository (".") or a definition ("src/a.ts#name", "name") is explained from the index, without a model: what it does, who uses it, what changes with it, when it last changed. For a question, prints the definitions and sections of documents that best match the question, the best of them whole; for "What calls X?" each use of X. With a model, one call reads 3,000 tokens of them, and its cost is printed. The tool `explain` of repose mcp gives the same as --no-model.',
  argument: { name: 'question', text: 'the question or subject ("-" reads standard input)' },
  options: [
    MODEL_OPTION, // must precede --no-model, whose default would set it to true
    { flags: '--no-model', text: 'answer from the index alone, even if a model is set' },
    ...limitOptions('tokens that the call may use', 'US dollars that it may cost'),
    JSON_OPTION,
  ],
  examples: [
    'repose ask "Where are prices rounded?"',
    'repose ask "What calls roundPrice?" --no-model',
    'repose ask src/cart.ts',
    'repose ask "How is a new formatter registered?" --json',
    'repose ask "Where are prices rounded?" --budget-tokens 10k',
  ],
  async run(wire, argument, values) {
    const [{ requestText, QUESTION }, { explainAbout }, { indexOf }, { limited, limitsIn }] = await Promise.all([
      import('../request-text.ts'),
      import('../../agents/served/explain-about.ts'),
      import('../index-of.ts'),
      import('../limits.ts'),
    ])
    const question = fromTop(await requestText(argument, wire.signal, QUESTION), (await wire.repo()).root)
    const llm = values.model === false ? null : await wire.llmIfAny('awake')
    if (values.model !== false && !llm) await wire.sayIfHalfSet('awake')
    const asked = llm && (await limited(wire, llm, limitsIn(values), LEAST_OUTPUT))
    const { isStale: _, ...answer } = await explainAbout(question, await indexOf(wire), asked?.llm ?? null)
    const isNothing = answer.kind === 'question' && answer.evidence.length === 0
    if (isNothing) wire.say('nothing in this repository speaks of the question')
    if (wire.flags.json) wire.printJson(isNothing ? { ...answer, text: '' } : answer)
    else if (!isNothing) wire.print(answer.text, paintPlaces, answer.model === 'none' ? isCode : undefined)
    const { usage } = answer
    if (usage && usage.inputTokens + usage.outputTokens > 0) wire.say(spent(usage))
    for (const note of answer.notes) wire.say(`note: ${note}`)
    if (answer.problem !== null && answer.fix !== null)
      wire.sayFailure(`the model gave no answer (${answer.problem}); this is from the index alone`, answer.fix)
    if (asked?.budget.refused) return 3
    return answer.problem ? 1 : 0
  },
}

/** './total.ts#add' in the folder src is 'src/total.ts#add'. Other words, and paths that do not exist, stay as they are. */
function fromTop(words: string, root: string): string {
  const [, path = '', name = ''] = /^(\.\.?\/[^#\n]*)(#.*)?$/.exec(words) ?? []
  const within = relative(root, resolve(path)) || '.'
  const isInside = path !== '' && !isAbsolute(within) && within.split(sep)[0] !== '..'
  return isInside && existsSync(path) ? `${within.split(sep).join('/')}${name}` : words
}
