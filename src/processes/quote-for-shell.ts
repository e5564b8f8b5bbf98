/** A word as a shell reads it again: as it is where that is safe, else in single quotes. */
export function quoteForShell(word: string): string {
  return /^[\w./:@%+,-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", "'\\''")}'`
}
