import { statSync } from 'node:fs'
import { MOST_TEXT, readRegular } from '../files/read-regular.ts'

/** Why a file's content is left out of the facts. */
export type ContentReason = 'oversized' | 'binary' | 'minified' | 'numbers' | 'generated' | 'vanished'

const NUL_WINDOW = 8000 // git uses the same window to detect binary content
const LONG_LINE = 2500

// A file of numbers, which C includes into an array: its grammar takes 20 s for 200 kB of them.
const NUMBERS = /^(?:\s|\/\/[^\n]*\n|\/\*[^*]*\*\/)*(?:-?(?:0x[\da-f]+|\d[\d.]*f?)[ul]*\s*,\s*){16}/i

// A line that starts so is not inside a string of code, where such words are a generator's output. (In Vim and Visual Basic a quote starts
// a comment.)
const lineOf = (said: string) =>
  new RegExp(`^(?![^\\S\\n]*["'\`](?:\\w|//|#|/\\*))[^\\w\\n]{0,6}[^\\S\\n]*(?:${said})`, 'im')

// Go's convention (go.dev/s/generatedcode), the sentence of most generators, and Meta's @generated, anywhere in a comment.
const GENERATED = [
  lineOf('Code generated .* DO NOT EDIT'),
  lineOf('(This|The) (file|code) (was|is|has been) (automatically |auto-?|@)?generated\\b(?!.*(--init|scaffold))'),
  lineOf('auto[- ]?generated (by|from|with|using) [\\w.-]*/[\\w./-]*\\.\\w+'), // names the generating program
  /^[^\S\n]*(?=[#/*;%<!@.{-]|["'][^\S\n]|"""|''').*@generated\b(?!['"`)])/im,
]

// Two lines that are evidence only together: "Auto-generated using scripts/gen", "Do not manually edit!"
const SAYS_GENERATED = lineOf('(this is an? |this file is )?(auto[- ]?|automatically )?generated\\b')
const HANDS_OFF = lineOf("(.*\\bgenerated\\b.*)?\\b(do not|don't) (manually |directly |hand-?)?(edit|modify|change)\\b")

export type Read =
  | { readonly text: string; readonly content: Buffer; readonly bytes: number; readonly isOfNumbers: boolean }
  | { readonly reason: ContentReason; readonly content?: Buffer; readonly bytes: number }

/**
 * Text of a file (UTF-8, or UTF-16 with a byte order mark; the mark is removed), or why it is left out. Reads nothing larger than maxBytes.
 * Synchronous: four asynchronous calls per file took longer than parsing it. isWanted: also what is minified, generated or of numbers alone.
 */
export function readSource(path: string, maxBytes: number, isWanted = false): Read {
  const content = readRegular(path, { maxBytes: Math.min(maxBytes, MOST_TEXT) })
  if (content === 'too large')
    return { reason: 'oversized', bytes: statSync(path, { throwIfNoEntry: false })?.size ?? 0 }
  if (typeof content === 'string') return { reason: 'vanished', bytes: 0 } // or it was replaced by something that is not a file
  const bytes = content.length
  const text = decode(content)
  if (text === null) return { reason: 'binary', content, bytes }
  const isOfNumbers = NUMBERS.test(text)
  if (isWanted) return { text, content, bytes, isOfNumbers }
  if (isMinified(text)) return { reason: 'minified', content, bytes }
  if (isOfNumbers) return { reason: 'numbers', content, bytes }
  if (isGenerated(text.slice(0, 800)) || isBuilt(text)) return { reason: 'generated', content, bytes }
  return { text, content, bytes, isOfNumbers }
}

function decode(content: Buffer): string | null {
  if (content[0] === 0xff && content[1] === 0xfe) return content.subarray(2).toString('utf16le')
  if (content.subarray(0, NUL_WINDOW).includes(0)) return null
  const text = content.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** Tests the plain word first: most files lack it, and the full rule takes ten times as long. */
function isGenerated(head: string): boolean {
  return (
    /generated/i.test(head) &&
    (GENERATED.some((one) => one.test(head)) || (SAYS_GENERATED.test(head) && HANDS_OFF.test(head)))
  )
}

/** Output of a compiler or bundler: it begins like webpack's output, or ends with the name of its source map. */
function isBuilt(text: string): boolean {
  if (/^\/\*{6}\/ /m.test(text.slice(0, 800))) return true
  const at = text.lastIndexOf('sourceMappingURL=')
  return (
    at > 0 && /\n\/[/*][#@] $/.test(text.slice(at - 5, at)) && /^\S+\s*$/.test(text.slice(at).replace(/\*\/\s*$/, ''))
  )
}

/** Most of the text is in very long lines. (A table of icons has long lines too, but not that long.) */
function isMinified(text: string): boolean {
  let inLong = 0
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at)
    const next = end < 0 ? text.length : end
    if (next - at > LONG_LINE) inLong += next - at
    at = next + 1
  }
  return text.length > 2 * LONG_LINE && inLong > 0.8 * text.length
}
