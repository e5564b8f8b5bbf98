import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { MOST_TEXT, readRegular } from '../files/read-regular.ts'

/** Why a file's content is left out of the facts. */
export type ContentReason = 'oversized' | 'binary' | 'minified' | 'numbers' | 'generated' | 'vanished'

const NUL_WINDOW = 8000 // git's own test for binary content
const LONG_LINE = 2500

// Numbers alone, which C includes into an array: 200 kB of them keep its grammar busy for 20 s.
const NUMBERS = /^(?:\s|\/\/[^\n]*\n|\/\*[^*]*\*\/)*(?:-?(?:0x[\da-f]+|\d[\d.]*f?)[ul]*\s*,\s*){16}/i

// A line that starts so is no string of code: in a string such words are what a generator writes. (Vim and Visual Basic start comments with a quote.)
const lineOf = (said: string) =>
  new RegExp(`^(?![^\\S\\n]*["'\`](?:\\w|//|#|/\\*))[^\\w\\n]{0,6}[^\\S\\n]*(?:${said})`, 'im')

// Go's convention (go.dev/s/generatedcode), the sentence most generators write, and Meta's @generated, anywhere in a comment.
const GENERATED = [
  lineOf('Code generated .* DO NOT EDIT'),
  lineOf('(This|The) (file|code) (was|is|has been) (automatically |auto-?|@)?generated\\b(?!.*(--init|scaffold))'),
  lineOf('auto[- ]?generated (by|from|with|using) [\\w.-]*/[\\w./-]*\\.\\w+'), // the program that wrote it
  /^[^\S\n]*(?=[#/*;%<!@.{-]|["'][^\S\n]|"""|''').*@generated\b(?!['"`)])/im,
]

// Two lines that mean it only together: "Auto-generated using scripts/gen", "Do not manually edit!"
const SAYS_GENERATED = lineOf('(this is an? |this file is )?(auto[- ]?|automatically )?generated\\b')
const HANDS_OFF = lineOf("(.*\\bgenerated\\b.*)?\\b(do not|don't) (manually |directly |hand-?)?(edit|modify|change)\\b")

export type Read =
  | { readonly text: string; readonly content: Buffer; readonly bytes: number }
  | { readonly reason: ContentReason; readonly content?: Buffer; readonly bytes: number }

/**
 * Text of a file (UTF-8, or UTF-16 with its mark; no byte order mark left), or why it is left out.
 * Reads nothing larger than maxBytes. Synchronous: four asynchronous calls a file took longer than parsing it.
 */
export function readSource(path: string, maxBytes: number): Read {
  const content = readRegular(path, { maxBytes: Math.min(maxBytes, MOST_TEXT) })
  if (content === 'too large')
    return { reason: 'oversized', bytes: statSync(path, { throwIfNoEntry: false })?.size ?? 0 }
  if (typeof content === 'string') return { reason: 'vanished', bytes: 0 } // or something else than a file stands there by now
  const bytes = content.length
  const text = decode(content)
  if (text === null) return { reason: 'binary', content, bytes }
  if (isMinified(text)) return { reason: 'minified', content, bytes }
  if (NUMBERS.test(text)) return { reason: 'numbers', content, bytes }
  if (isGenerated(text.slice(0, 800)) || isBuilt(text)) return { reason: 'generated', content, bytes }
  return { text, content, bytes }
}

/** The id of a content as git computes it: sha-1, or sha-256 where ids have 64 digits. */
export function blobId(content: Buffer, digits: number): string {
  return createHash(digits === 64 ? 'sha256' : 'sha1')
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest('hex')
}

function decode(content: Buffer): string | null {
  if (content[0] === 0xff && content[1] === 0xfe) return content.subarray(2).toString('utf16le')
  if (content.subarray(0, NUL_WINDOW).includes(0)) return null
  const text = content.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** The plain word first: most files do not hold it, and the whole rule takes ten times as long. */
function isGenerated(head: string): boolean {
  return (
    /generated/i.test(head) &&
    (GENERATED.some((one) => one.test(head)) || (SAYS_GENERATED.test(head) && HANDS_OFF.test(head)))
  )
}

/** It begins as webpack writes, or ends by naming its source map: a compiler or a bundler has written it. */
function isBuilt(text: string): boolean {
  if (/^\/\*{6}\/ /m.test(text.slice(0, 800))) return true
  const at = text.lastIndexOf('sourceMappingURL=')
  return (
    at > 0 && /\n\/[/*][#@] $/.test(text.slice(at - 5, at)) && /^\S+\s*$/.test(text.slice(at).replace(/\*\/\s*$/, ''))
  )
}

/** Most of the text stands in very long lines. (A table of icons has long lines too, but not of this length.) */
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
