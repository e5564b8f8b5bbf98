// Characters that control a terminal (except line ends and tabs), that change the reading order of a line (bidirectional marks: "Trojan
// Source", Boucher and Anderson 2021), that are invisible, and lone surrogates.
const HIDDEN =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each of these characters is meant by itself
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d159}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\p{Surrogate}]/gu
const JOINERS = /[\u200c\u200d]/
const SELECTORS = /[\ufe0e\ufe0f]/
// biome-ignore lint/suspicious/noMisleadingCharacterClass: a selector by itself is meant
const PICTURE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]$/u
/** Letters of scripts that are written with joiners. Scripts that are common in identifiers are excluded. */
const JOINED =
  /[\p{L}\p{M}]$(?<![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Common}\p{Script=Inherited}])/u

/**
 * A text that is safe to show on a terminal or in a log. Invisible and control characters become escapes such as '\u001b[2J' or 'a\u202eb'.
 * Line ends become '\n'. Joiners stay within emoji and in scripts that need them.
 */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(HIDDEN, (one, at: number) => (isMeant(one, at, text) ? one : named(one)))
}

/** JSON with the same value whose text is printable: for a terminal, a pipe or a file that someone reads later. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(HIDDEN, (one, at: number, text: string) =>
    isMeant(one, at, text) ? one : [...Array(one.length).keys()].map((unit) => unitOf(one, unit)).join(''),
  )
}

function isMeant(one: string, at: number, text: string): boolean {
  const before = text.slice(Math.max(0, at - 2), at)
  if (JOINERS.test(one)) return PICTURE.test(before) || JOINED.test(before)
  return SELECTORS.test(one) && (PICTURE.test(before) || text[at + 1] === '\u20e3')
}

function named(one: string): string {
  return one.length === 1 ? unitOf(one, 0) : `\\u{${one.codePointAt(0)!.toString(16)}}`
}

function unitOf(text: string, at: number): string {
  return `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`
}
