/**
 * An author's text without escape sequences and control characters, except tabs and line ends. They control terminals, and make an HTML
 * page "data".
 */
export function plainText(text: string): string {
  return text
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]+/g, ' ')
}
