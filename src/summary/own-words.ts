import { NO_ABBREVIATION } from '../text/abbreviations.ts'
import { shorten } from '../text/shorten.ts'
import { trimEndOf } from '../text/trim-end.ts'

/**
 * The first sentence of an author's comment or README, on one line, at most `words` words; '' if it has no prose. A tag
 * ('@param', ':param') ends it; headings and rules are skipped.
 */
export function ownWords(text: string | null, words: number): string {
  for (const paragraph of (text ?? '').split(/\n\s*\n/)) {
    const lines = paragraph.split('\n').map((line) => line.trim())
    const end = lines.findIndex((line) => /^(@\w|:\w[^:]*:|(Args|Returns|Parameters|Example):?$)/.test(line))
    const prose = (end < 0 ? lines : lines.slice(0, end)).filter((line) => /\p{L}/u.test(line) && !/^#+\s/.test(line))
    const sentence = firstSentence(prose.join(' ')).replace(/^[:*–-]+\s+/, '') // ': text' is a mark of Sphinx, '* text' an item of a list
    if (sentence) return clipWords(sentence, words)
  }
  return ''
}

const SENTENCE_END = new RegExp(String.raw`(?<=[.!?])${NO_ABBREVIATION}\s+(?=[\p{Lu}\x60"'(\d])`, 'u')
const LONGEST_WORD = 60 // characters a word on average: only text without spaces exceeds it

/** Characters of a name in a reply. A longer one is no name, and a correction would send it twice. */
export const MOST_OF_NAME = 500

/** At most `words` words of a text, on one line; '…' marks a cut. */
export function clipWords(text: string, words: number): string {
  const all = text.split(/\s+/).filter(Boolean)
  const clipped = all.length > words ? `${trimEndOf(all.slice(0, words).join(' '), ',;:.')}…` : all.join(' ')
  return shorten(clipped, words * LONGEST_WORD)
}

/** Sentences of a text; joined with spaces they give the text again. A full stop within a name or after 'e.g' ends no sentence. */
export function sentencesOf(text: string): string[] {
  return text.split(SENTENCE_END).filter(Boolean)
}

/** Texts as one line of sentences; empty ones are left out. */
export function joinSentences(texts: readonly string[]): string {
  return texts
    .filter(Boolean)
    .map((text) => (/[.!?…]$/.test(text) ? text : `${text}.`))
    .join(' ')
}

function firstSentence(text: string): string {
  return sentencesOf(text)[0] ?? ''
}
