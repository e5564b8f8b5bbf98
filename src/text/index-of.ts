const SHORT = 200 // characters: V8's own search is fast then, whatever the texts

/**
 * As text.indexOf(wanted), in O(text + wanted): V8's search takes text times wanted at worst, an hour for texts of a few megabytes.
 * Method: Knuth, Morris and Pratt.
 */
export function indexOfText(text: string, wanted: string): number {
  return indexesOfText(text, wanted).next().value ?? -1
}

/** All places of a text, also those that overlap, in O(text + wanted). */
export function* indexesOfText(text: string, wanted: string): Generator<number, undefined> {
  if (wanted.length <= SHORT) {
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) yield at
    return
  }
  const borders = bordersOf(wanted)
  let length = 0 // of the beginning of `wanted` that ends here
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    while (length > 0 && wanted.charCodeAt(length) !== code) length = borders[length - 1]!
    if (wanted.charCodeAt(length) === code) length++
    if (length < wanted.length) continue
    yield at - length + 1
    length = borders[length - 1]!
  }
}

let last: { readonly wanted: string; readonly borders: Int32Array } | undefined

/** For each beginning of a text, the length of its longest end that begins the text too. Those of the last text are kept. */
function bordersOf(wanted: string): Int32Array {
  if (last?.wanted === wanted) return last.borders
  const borders = new Int32Array(wanted.length)
  for (let at = 1, length = 0; at < wanted.length; at++) {
    const code = wanted.charCodeAt(at)
    while (length > 0 && wanted.charCodeAt(length) !== code) length = borders[length - 1]!
    if (wanted.charCodeAt(length) === code) length++
    borders[at] = length
  }
  last = { wanted, borders }
  return borders
}
