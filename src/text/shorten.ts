/** At most so many characters of a text, the last of them '…' where something was cut off. */
export function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
