import type { Llm } from '../../src/types.ts'
import { type Answer, answerQuestion, type Evidence } from '../feature/answer-question.ts'
import { type Explained, explainSubject } from './explain-subject.ts'
import { clipLines, givenText, sayCut } from './limits.ts'
import type { ServedIndex } from './served-index.ts'

const TOKENS = 1500

export interface ExplainedAbout extends Omit<Answer, 'evidence'> {
  readonly kind: Explained['kind'] | 'question'
  readonly evidence: readonly (Omit<Evidence, 'says'> & Partial<Pick<Evidence, 'says'>>)[]
  /** Whether something in it was written from an earlier state of its source. */
  readonly isStale: boolean
}

/**
 * What is known of a file, a folder, a definition or a question in words. Only a question is put to the model, if there is one; without,
 * the answer comes from the index, in at most 1,500 tokens. Throws UserError for empty words.
 */
export async function explainAbout(about: string, index: ServedIndex, llm: Llm | null = null): Promise<ExplainedAbout> {
  const words = givenText(about, 'subject or question')
  const subject = await explainSubject(words, index)
  if (subject)
    return {
      ...{ question: words, model: 'none', usage: null, problem: null, fix: null, notes: [], summaries: [] },
      ...subject,
      text: clipped(subject.text),
    }
  const answer = await answerQuestion(words, { ...index, llm })
  const text = answer.model === 'none' ? clipped(answer.text) : answer.text
  const notes = isPath(words)
    ? [`there is no file or folder ${words}; read as a question`, ...answer.notes]
    : answer.notes
  return { ...answer, notes, kind: 'question', text, isStale: false }
}

function clipped(whole: string): string {
  const { text, cut } = clipLines(whole, TOKENS)
  return cut > 0 ? `${text}\n${sayCut(cut)}: show opens the places)` : text
}

function isPath(words: string): boolean {
  return words.lastIndexOf('/') > 0 && !/[\s?]/.test(words)
}
