/**
 * A command as shown before it is trusted: invisible characters, and those that move the cursor or the text, are shown as code points. So is a
 * row of blanks or of one character, with its length: it would push the rest off the screen.
 */
export function shownCommand(command: string): string {
  return command.replace(HIDDEN, codeOf).replace(ROW, (row) => `${codeOf(row)}{${[...row].length} times}`)
}

const codeOf = (text: string) => `\\u{${text.codePointAt(0)!.toString(16)}}`

/** The blank of Braille is a symbol by its class. */
const HIDDEN = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Z}/gu
const ROW = / {9,}|(.)\1{79,}/gsu
