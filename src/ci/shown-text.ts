const MOST = 60_000 // characters; more than any request keeps

/** What a page shows nothing of, where it is no code. */
const HIDDEN: readonly (readonly [RegExp, string])[] = [
  [/<(script|style|template|noscript)\b[\s\S]*?(?:<\/\1[^>]*>|$)/gi, ' '],
  [/<\?[\s\S]*?\?>|(?<=^|\n) {0,3}<\?[\s\S]*$|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<![A-Za-z][\s\S]*?(?:>|$)/g, ' '],
  [/<(\/?[A-Za-z][A-Za-z0-9-]*)(?:\s+[^\s"'=<>`]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*\s*(\/?)>/g, '<$1$2>'],
  // definitions of links, with their titles
  [
    /(?<=^|\n) {0,3}\[(?!\^)(?:[^[\]\\]|\\.){1,999}\]:(?:[ \t]*\n)?[ \t]*(?:<[^<>\n]*>|[^\s<]\S*)(?:(?:[ \t]+|[ \t]*\n[ \t]*)(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?[ \t]*(?=\n|$)/g,
    ' ',
  ],
  // titles of links and images
  [/(\]\([^\s()]*)\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))\s*\)/g, '$1)'],
]

const FOOTNOTE = /(?<=^|\n) {0,3}(\[\^[^\]\s]{1,200}\]):[^\n]*(?:\n[ \t]*\S[^\n]*|\n(?:[ \t]*\n)+(?: {4}|\t)[^\n]*)*/g

/**
 * A text in Markdown as its page shows it: without comments, attributes, declarations and scripts of HTML, definitions and titles of links,
 * footnotes that nothing names, and what stands behind the language of a block of code. Code stays as it is. Of a longer text, the start.
 * There are more ways to hide a text (a style of mathematics, a comment within a diagram): this is no boundary.
 */
export function shownText(markdown: string): string {
  const text = markdown
    .replace(/\r\n?/g, '\n')
    .replace(/<!--[\s\S]*?(-->|$)/g, ' ')
    .slice(0, MOST)
  const { prose, codes } = apart(text.replaceAll('\0', ''))
  const seen = HIDDEN.reduce((rest, [what, by]) => rest.replace(what, by), prose)
  const noted = seen.replace(FOOTNOTE, (note, name: string) => (seen.split(name).length > 2 ? note : ' '))
  return noted.replace(/\0(\d+)\0/g, (_, at: string) => codes[Number(at)]!)
}

/** Takes code out of a text: fenced blocks, and code within a line, but not where a block of HTML makes it plain text. */
function apart(text: string): { readonly prose: string; readonly codes: readonly string[] } {
  const codes: string[] = []
  const place = (code: string) => `\0${codes.push(code) - 1}\0`
  const prose: string[] = []
  let block: { readonly mark: string; readonly lines: string[] } | null = null
  let isHtml = false // a line of the paragraph begins with '<'
  for (const line of text.split('\n')) {
    if (block) {
      block.lines.push(line)
      const [, end] = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line) ?? []
      if (!end?.startsWith(block.mark)) continue
      prose.push(place(block.lines.join('\n')))
      block = null
      continue
    }
    isHtml = line.trim() !== '' && (isHtml || /^ {0,3}</.test(line))
    const [, start, mark] = (!isHtml && /^( {0,3}(`{3,}(?![^\n]*`)|~{3,})[ \t]*[^\s~]*)/.exec(line)) || []
    if (mark) block = { mark, lines: [start!] }
    else prose.push(isHtml ? line : line.replace(CODE, (code) => place(code)))
  }
  if (block) prose.push(place(block.lines.join('\n')))
  return { prose: prose.join('\n'), codes }
}

/** Code within a line. */
const CODE = /(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)/g
