/** Quotes a word for a shell: unchanged if that is safe, else in single quotes. */
export function quoteForShell(word: string): string {
  return /^[\w./:@%+,-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", "'\\''")}'`
}
