import { type Evidence, onOneLine } from './evidence.ts'

const OF_PLANS =
  /\b(road ?map|to[- ]?dos?|planned|plans|future( work| plans)?|coming soon|upcoming|what'?s (next|missing)|next steps?|not (yet )?(implemented|supported|done)|not yet|missing( features)?|limitations|wish ?list|known (issues|limitations)|unsupported|does not do)\b/i
const MOST = 20

/**
 * What a Markdown document plans: entries below a heading such as 'Roadmap', 'Limitations' or 'Not yet', else the first sentence there, and
 * open boxes of check lists anywhere. At most twenty; linear in the text.
 */
export function plansIn(path: string, text: string): Evidence[] {
  const found: Evidence[] = []
  let level = 0 // of the heading whose section is read; 0: none
  let hasEntry = false
  let isCode = false
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (found.length >= MOST) break
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode
    if (isCode) continue
    const heading = /^(#{1,6})\s+(.*)/.exec(line)
    if (heading) {
      const depth = heading[1]!.length
      if (level === 0 || depth <= level) level = OF_PLANS.test(heading[2]!) ? depth : 0
      hasEntry = false
      continue
    }
    const box = /^\s*[-*+]\s+\[([ xX])\]\s+(\S.*)/.exec(line)
    const entry = box
      ? box[1] === ' '
        ? box[2]!
        : null
      : level > 0
        ? (/^\s*(?:[-*+]|\d+[.)])\s+(\S.*)/.exec(line)?.[1] ?? null)
        : null
    const prose = level > 0 && !hasEntry && box === null && /^\p{L}/u.test(line) ? line : null
    const said = entry ?? prose
    if (said === null || onOneLine(said).length < 8) continue
    hasEntry = true
    found.push({ kind: 'plan', place: `${path}:${i + 1}`, text: onOneLine(said) })
  }
  return found
}
