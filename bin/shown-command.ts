/** A command as it is shown before it is trusted: what would not be seen, or would move the cursor or the text, is written as its code point. */
export function shownCommand(command: string): string {
  return command.replace(HIDDEN, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`)
}

const HIDDEN = /[\p{C}\p{Default_Ignorable_Code_Point}]|(?! )\p{Z}/gu
