import { shownPath } from '../paths.ts'
import { shorten } from '../text/shorten.ts'
import type { EditPlace, EditTools } from './edit-tools.ts'
import type { EditedFile } from './edited-file.ts'
import { similarNames } from './similar-names.ts'

const NAMES_SHOWN = 40
const ALIKE_SHOWN = 6
const LINES_SHOWN = 10
const CUT_AT = 100 // characters; the parser cuts longer names
const TELLING = 20 // characters; a shorter prefix without a space may be another name

/**
 * The definition or heading that a name means in a file with that text, or an error message for a model.
 *
 * A name means its owner before the batch: an edit that adds another definition of the same name does not make it ambiguous.
 */
export async function placeNamed(
  file: EditedFile,
  text: string,
  name: string,
  tools: EditTools,
): Promise<EditPlace | string> {
  const path = shownPath(file.path)
  const places = await tools.symbolsOf(file.path, text)
  const isExact = (place: EditPlace) => place.qualified === name
  if (file.before !== null && file.before !== text) {
    file.placesBefore ??= await tools.symbolsOf(file.path, file.before)
    const then = placesNamed(name, file.placesBefore)
    const isNew = !then.some(isExact) && places.some(isExact)
    if (then.length > 1 && !isNew) return sayAlike(path, name, opened(then, file, file.before))
    const same = then[0] && !isNew && placeFrom(file, then[0], places)
    if (same) return same
  }
  const found = placesNamed(name, places)
  if (found.length === 0) return sayMissing(path, name, places)
  return found.length === 1 ? found[0]! : sayAlike(path, name, opened(found, file, text))
}

/**
 * The places that a name matches. The first way with a result decides: the whole name; the name without quotes, backticks and heading
 * marks; its last part; a prefix, since a list or the parser may have cut it.
 */
export function placesNamed<P extends Pick<EditPlace, 'qualified'>>(name: string, places: readonly P[]): readonly P[] {
  const wanted = bare(name)
  if (wanted === '') return []
  const cut = wanted.replace(/(…|\.\.\.)$/, '')
  const isBeginning = cut !== '' && (cut !== wanted || cut.length >= TELLING || /\s/.test(cut))
  const ways: readonly ((full: string) => boolean)[] = [
    (full) => full === name,
    (full) => full === `#${name}`, // in 'page.md## Keys' one mark separates path and heading
    (full) => bare(full) === wanted,
    (full) => withoutNumber(bare(full)) === wanted || withoutNumber(full).endsWith(`.${wanted}`),
    (full) => isBeginning && `.${bare(full)}`.includes(`.${cut}`),
    (full) => full.length >= CUT_AT && wanted.startsWith(withoutNumber(full)),
  ]
  for (const way of ways) {
    const found = places.filter(({ qualified }) => way(qualified))
    if (found.length > 0) return found
  }
  return []
}

function bare(name: string): string {
  const plain = name.replace(/[`'"]/g, '').replace(/\(\)$/, '')
  const heading = /^#+ */.exec(plain)?.[0]
  return (heading ? plain.slice(heading.length).replace(/(?<! ) +#+$/, '') : plain).trim()
}

/** 'total~2', the second of its name, becomes 'total'. */
function withoutNumber(qualified: string): string {
  return qualified.replace(/~\d+$/, '')
}

/** Of the places with the name of an earlier one, the one with most of its lines; null: none, or a tie. */
function placeFrom({ origins }: EditedFile, then: EditPlace, places: readonly EditPlace[]): EditPlace | null {
  const name = withoutNumber(then.qualified)
  const sharedBy = ({ lines }: EditPlace) =>
    (origins ?? [])
      .slice(lines.first - 1, lines.last)
      .filter((at) => at !== null && at >= then.lines.first && at <= then.lines.last).length
  const [best, next] = places
    .filter(({ qualified }) => withoutNumber(qualified) === name)
    .map((place) => ({ place, shared: sharedBy(place) }))
    .sort((a, b) => b.shared - a.shared)
  return best && best.shared > 0 && best.shared !== next?.shared ? best.place : null
}

/** The places with their lines in the file as it is shown, where secrets may have many lines. */
function opened(places: readonly EditPlace[], { seals }: EditedFile, text: string): readonly EditPlace[] {
  return places.map((place) => ({
    ...place,
    lines: {
      first: seals.openedLine(text, place.lines.first),
      last: seals.openedLine(text, place.lines.last),
    },
  }))
}

function linesOf(found: readonly EditPlace[]): string {
  const numbers = found.slice(0, LINES_SHOWN).map(({ lines }) => lines.first)
  return `${numbers.join(', ')}${found.length > LINES_SHOWN ? ', ...' : ''}`
}

function sayAlike(path: string, name: string, found: readonly EditPlace[]): string {
  const names = new Set(found.map(({ qualified }) => withoutNumber(qualified)))
  if (names.size === 1)
    return `'${name}' is in ${path} ${found.length} times (lines ${linesOf(found)}): use a replace edit with text that occurs once`
  const shown = found
    .slice(0, ALIKE_SHOWN)
    .map(({ qualified, lines }) => `${shorten(qualified, CUT_AT)} (line ${lines.first})`)
  const rest = found.length - shown.length
  return `'${name}' may mean ${found.length} definitions in ${path}: ${[...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')}: write more of its name`
}

function sayMissing(path: string, wanted: string, symbols: readonly EditPlace[]): string {
  if (symbols.length === 0) return `${path} has no symbols that can be addressed: use a replace edit`
  const names = symbols.map((one) => one.qualified)
  const shown = names.length <= NAMES_SHOWN ? names : [...new Set([...similarNames(wanted, names, 5), ...names])]
  const more = names.length > NAMES_SHOWN ? ', ...' : ''
  return `symbol '${wanted}' is not in ${path}; it has: ${shown
    .slice(0, NAMES_SHOWN)
    .map((one) => shorten(one, CUT_AT))
    .join(', ')}${more}`
}
