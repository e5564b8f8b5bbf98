/**
 * A command in the form in which the user is asked to trust it. Invisible characters, and those that move the cursor or the text, are shown as
 * code points. A long run of blanks or of one character is shown by its length: otherwise it could push the rest off the screen.
 */
export function shownCommand(command: string): string {
  return command.replace(HIDDEN, codeOf).replace(ROW, (row) => `${codeOf(row)}{${[...row].length} times}`)
}

const codeOf = (text: string) => `\\u{${text.codePointAt(0)!.toString(16)}}`

/** The blank of Braille is a symbol by its class. */
const HIDDEN = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Z}/gu
const ROW = / {9,}|(.)\1{79,}/gsu
