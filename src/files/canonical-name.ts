import { trimEndOf } from '../text/trim-end.ts'

/**
 * The name of a file or folder as the most lenient file systems compare it: without case (NTFS, APFS), in one Unicode form that also unites
 * wide and other variants of a letter (APFS), without invisible characters (HFS+), without trailing dots and spaces and without the stream
 * after a colon (Windows). If any system treats two names as one file, their canonical names are equal; the reverse does not hold.
 */
export function canonicalName(name: string): string {
  return trimEndOf(withoutForm(name.replace(/:.*$/s, '')), '. ')
}

/** A text in canonical form that keeps the trailing characters that a name would lose. */
export function withoutForm(text: string): string {
  // both cases: upper case writes sharp s as two letters, like APFS
  return text.normalize('NFKC').replace(UNSEEN, '').toUpperCase().toLowerCase().normalize('NFKC')
}

const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu

const LONGEST_SHORT = 6 // length of a short name before its '~'

/**
 * Whether `given` may be the Windows short name (8.3) of a file called `name`: 'GITATT~1' for '.gitattributes', 'REPOSE~1.JSO' for
 * 'repose.config.json', 'GI7EBA~1' when many files begin alike. isStart: `name` is only the beginning of the file's name. Both must be
 * canonical.
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

/** '.git' in any file system's spelling. */
export function isGitFolder(name: string): boolean {
  const plain = canonicalName(name)
  return plain === '.git' || isShortNameOf(plain, '.git')
}
