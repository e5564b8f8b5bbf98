/**
 * A command as shown before it is trusted: invisible characters, and those that move the cursor or the text, are shown as code points.
 */
export function shownCommand(command: string): string {
  return command.replace(HIDDEN, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`)
}

const HIDDEN = /[\p{C}\p{Default_Ignorable_Code_Point}]|(?! )\p{Z}/gu
