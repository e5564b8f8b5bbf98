import * as z from 'zod'
import { answerQuestion } from '../feature/answer-question.ts'
import { explainSubject } from './explain-subject.ts'
import { clipLines, givenText, sayCut } from './limits.ts'
import { defineTool } from './tool.ts'

const TOKENS = 1500

/** What is known of a file, a folder, a definition, or a question. */
export const explain = defineTool({
  name: 'explain',
  title: 'Explain',
  description:
    'What is known of a file ("src/a.ts"), a folder ("src/"), the repository ("."), a definition ("src/a.ts#name" or "name"), or a question in words ("Where are prices rounded?"): what it does, who uses it, what changes with it, when it last changed, with file:line evidence. At most 1500 tokens.',
  input: z.object({ about: z.string() }),
  output: z.object({
    kind: z.enum(['repository', 'folder', 'file', 'definition', 'question']),
    text: z.string(),
    evidence: z.array(z.object({ path: z.string(), line: z.number(), symbol: z.string() })),
  }),
  async answer({ about }, index) {
    const words = givenText(about, 'subject or question')
    const subject = await explainSubject(words, index)
    const said = subject ?? (await explainQuestion(words, index))
    const { text: fit, cut } = clipLines(said.text, TOKENS)
    const text = cut > 0 ? `${fit}\n${sayCut(cut)}: show opens the places)` : fit
    return { text, data: { kind: said.kind, text, evidence: said.evidence }, isStale: said.isStale }
  },
})

async function explainQuestion(question: string, index: Parameters<typeof explainSubject>[1]) {
  const answer = await answerQuestion(question, { ...index, llm: null })
  const evidence = answer.evidence.map(({ path, line, symbol }) => ({ path, line, symbol }))
  return { kind: 'question' as const, text: answer.text, evidence, isStale: false }
}
