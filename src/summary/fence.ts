/**
 * Puts a text between two lines of backticks that it cannot close: they are longer than any run of backticks in it.
 * There is no random mark, so that equal texts make equal prompts.
 */
export function fence(text: string): string {
  let longest = 2
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length)
  const line = '`'.repeat(longest + 1)
  return `${line}\n${text.replace(/\n$/, '')}\n${line}`
}
