/**
 * The name of a file or a folder as the most lenient file systems compare it: without case (NTFS, APFS), in one Unicode form (APFS; wide
 * and other variants of a letter too), without characters that nobody sees (HFS+), without the dots and spaces at its end and the stream
 * behind a colon that Windows drops. Two names that some system takes for one file have one canonical name; the reverse does not hold.
 */
export function canonicalName(name: string): string {
  return withoutForm(name.replace(/:.*$/s, '')).replace(/[. ]+$/, '')
}

/** A text in the form of canonical names, with the characters that a name would lose at its end. */
export function withoutForm(text: string): string {
  // both cases: the upper one writes sharp s as two letters, as APFS does
  return text.normalize('NFKC').replace(UNSEEN, '').toUpperCase().toLowerCase().normalize('NFKC')
}

const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu

const LONGEST_SHORT = 6 // characters of a short name before its '~'

/**
 * Whether `given` may be the short name (8.3) that Windows gives a file called `name`: 'GITATT~1' of '.gitattributes', 'REPOSE~1.JSO' of
 * 'repose.config.json', 'GI7EBA~1' where many files begin alike. With isStart, of a file whose name begins with `name`. Both canonical.
 */
export function isShortNameOf(given: string, name: string, isStart = false): boolean {
  const short = /^([^.~]{1,6})~\d{1,6}(?:\.([^.]{0,3}))?$/.exec(given)
  if (!short) return false
  const [, stem, extension = ''] = short as unknown as [string, string, string?]
  const dot = isStart ? 0 : name.lastIndexOf('.')
  const [base, end] = dot > 0 ? [name.slice(0, dot), name.slice(dot + 1)] : [name, '']
  const letters = base.replace(/[. ]/g, '').replace(/[+,;=[\]]/g, '_')
  if (letters === '' || (!isStart && extension !== end.slice(0, 3))) return false
  const begins = letters.slice(0, LONGEST_SHORT)
  if (/^.{1,2}[0-9a-f]{4}$/.test(stem) && letters.startsWith(stem.slice(0, -4))) return true
  return isStart ? stem.startsWith(begins) : stem === begins
}
