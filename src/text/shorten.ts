/** The text cut to at most `most` characters. The last one is '…' if something was cut. */
export function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
