import { printable } from '../text/printable.ts'
import { shorten } from '../text/shorten.ts'

const GAP = '\u200b' // a space without width: it separates, and nobody sees it

/**
 * A text of others as inline code of a comment: one line, in which nothing is a mention, a reference, a link, a command of the host, or
 * HTML. most: characters.
 */
export function inCode(text: string, most = 300): string {
  const line = oneLine(text, most)
  const runs = line.match(/`+/g) ?? []
  const fence = '`'.repeat(runs.reduce((longest, { length }) => Math.max(longest, length), 0) + 1)
  if (line === '') return '` `'
  const room = /^`|`$/.test(line) ? ' ' : ''
  return `${fence}${room}${line}${room}${fence}`
}

/** A text of others as prose of a comment: one line, with the same guarantees. */
export function inProse(text: string, most = 500): string {
  return quiet(oneLine(text, most))
    .replace(/[\\`*_[\]<>|~]/g, '\\$&')
    .replaceAll('\\<', '&lt;')
    .replaceAll('\\>', '&gt;')
}

/** A text of others as the title of a pull request or commit, which is not Markdown: one line, without mentions and references. */
export function inTitle(text: string, most = 100): string {
  return quiet(oneLine(text, most))
}

/** A text of others as a part of a line in the log of a job: behind other words, where no command for the system that runs it can begin. */
export function oneLine(text: string, most: number): string {
  return shorten(printable(text).replace(/\s+/g, ' ').trim(), most)
}

/**
 * Puts a gap into everything on which a host would act: mentions and references (GitHub: @ # GH-; GitLab also ! $ % & ~ ^ and :emoji:;
 * Bitbucket @{account}), addresses, slash commands, and words that keep CI from running ('[skip ci]', '***NO_CI***', 'skip-checks:').
 */
function quiet(line: string): string {
  return line
    .replace(/[@#!$%&~^:](?=[\p{L}\p{N}_"*:{])/gu, `$&${GAP}`)
    .replace(/:\/\//g, `:${GAP}//`)
    .replace(/\bwww\./gi, `$&${GAP}`)
    .replace(/\b(GH|gh|Gh|gH)-(?=\d)/g, `$&${GAP}`)
    .replace(/\[(?=[^[\]]{0,40}\b(?:skip|ci|no)\b)|\*{3}(?=NO_CI)/gi, `$&${GAP}`)
    .replace(/\bskip-(?=checks\s*:)/gi, `$&${GAP}`)
    .replace(/^\//, `${GAP}/`)
    .replace(/(^|\s)\//g, `$&${GAP}`)
}
