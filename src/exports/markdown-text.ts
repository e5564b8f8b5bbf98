import { printable } from '../text/printable.ts'

/**
 * Names and words of a repository as Markdown. They are data: none of them can begin a heading, a link, an image or HTML, close a fence, or
 * break its line.
 */

/** A name as a code span. inTable: its pipes are escaped. */
export function code(name: string, inTable = false): string {
  const text = oneLine(name)
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = /^`|`$|^ .* $/.test(text) ? ' ' : ''
  const span = `${fence}${pad}${text || ' '}${pad}${fence}`
  return inTable ? span.replaceAll('|', '\\|') : span
}

/** Words as text. Code spans in them stay; everything else that Markdown or HTML would read is escaped. */
export function prose(words: string): string {
  const text = oneLine(words).replace(/\*\*([^*]+)\*\*/g, '$1')
  let said = ''
  let at = 0
  for (const span of text.matchAll(SPAN)) {
    said += escaped(text.slice(at, span.index)) + code(span[2]!.trim())
    at = span.index + span[0].length
  }
  return said + escaped(text.slice(at))
}

const SPAN = /(?<!`)(`{1,3})(?!`)([^`\n]{1,300})\1(?!`)/g

/** A link; text: Markdown. to: a path relative to the page, not yet encoded. */
export function link(text: string, to: string): string {
  return `[${text}](${to.split('/').map(encoded).join('/')})`
}

const MARKS = /[\\`*_{}[\]<>#|~!]/g

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replace(MARKS, (mark) => (mark === '<' ? '&lt;' : mark === '>' ? '&gt;' : `\\${mark}`))
    .replace(
      /^(\s*)([-+]|\d+[.)])(?=\s)/,
      (_, space: string, mark: string) => `${space}${mark.slice(0, -1)}\\${mark.at(-1)}`,
    )
    .replace(/\b(https?|mailto|ftp):/gi, '$1&#58;') // no address of a stranger becomes a link
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}&#46;`)
    .replaceAll('@', '&#64;') // nobody is notified
}

function encoded(part: string): string {
  return part === '..' || part === '.' ? part : encodeURIComponent(part).replace(/[()'!*]/g, hex)
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim())
}
