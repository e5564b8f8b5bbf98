const CODE = '(`{3,}|~{3,})[^]*?(?:\\1|(?![^]))|`[^`\\n]+`'
const WHOLE = new RegExp(`${CODE}|<(script|style)\\b[^<>]*>[^]*?(<\\/\\2\\s*>|(?![^]))`, 'g')
const BLOCKS = new Set(
  'article aside blockquote body br dd details div dl dt figure footer form h1 h2 h3 h4 h5 h6 head header hr html li main nav ol option p pre section summary table tbody td tfoot th thead title tr ul'.split(
    ' ',
  ),
)
const INLINE =
  'a abbr audio b button canvas caption center cite code col del em font i iframe img input ins kbd label link mark meta path picture q s samp script select small source span strong style sub sup svg textarea tt u var video'
const NAMES = [...BLOCKS, ...INLINE.split(' ')].join('|') // in lower case: '<Button>' is a component, 'Map<T>' a type
const TAG = `<(?:!(?:doctype|DOCTYPE)\\b[^<>]*|(\\/?)(${NAMES})(\\s[^<>]*)?\\/?)>`
const TAG_OR_ENTITY = new RegExp(`${CODE}|${TAG}|&(#\\d{1,7}|#x[\\da-fA-F]{1,6}|amp|lt|gt|quot|apos|nbsp);`, 'g')
const FIRST_TAG = new RegExp(`^${TAG}`)
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/**
 * A text without the HTML that it is marked up with: elements of scripts and styles go whole, of others the tags, a tag of a block ends a line, entities are read. Code of
 * Markdown stays, and so does a tag that is spoken of: one that nothing closes and that has no attribute ('Support <video>'), or stands in a first line of words. Linear in the text.
 */
export function withoutHtml(text: string): string {
  if (!/[<&]/.test(text)) return text
  const closed = new Set([...text.matchAll(/<\/([a-z][a-z0-9]*)\s*>/g)].map(([, name]) => name!))
  const isMarkup = (slash = '', name = 'br', attributes = '') =>
    slash !== '' || closed.has(name) || attributes.includes('=') || name === 'br' || name === 'hr'
  const first = FIRST_TAG.exec(text)
  const from = first && isMarkup(first[1], first[2], first[3]) ? 0 : `${text}\n`.indexOf('\n')
  const [title, rest] = [text.slice(0, from), text.slice(from)]
  const marked = rest.replace(WHOLE, (found, _fence, _name, close) => (close ? '\n' : found))
  return replaced(title, () => false) + replaced(marked, isMarkup)
}

type IsMarkup = (slash?: string, name?: string, attributes?: string) => boolean

function replaced(text: string, isMarkup: IsMarkup): string {
  return text.replace(TAG_OR_ENTITY, (found, _fence, slash, name, attributes, entity) => {
    if (entity) return ENTITIES[entity] ?? characterOf(entity) ?? found
    if (!found.startsWith('<') || !isMarkup(slash, name, attributes)) return found
    return name === undefined || BLOCKS.has(name) ? '\n' : ' '
  })
}

function characterOf(entity: string): string | undefined {
  const code = Number(entity.replace('#x', '0x').replace('#', ''))
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}
