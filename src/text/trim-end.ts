/** Removes the given characters from the end of a text. Linear; a regular expression takes quadratic time if there are many of them. */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text[end - 1]!)) end--
  return text.slice(0, end)
}
