import { parseJson } from '../../text/parse-json.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/**
 * The object in a JSON text with comments and trailing commas (tsconfig.json). null for no text, malformed text or an array: callers treat
 * such a file as absent, because it may be half-written.
 */
export function parseLooseJson(text: string | null): JsonObject | null {
  if (text === null) return null
  try {
    return asObject(parseJson(toStrict(text)))
  } catch (error) {
    // Bad syntax means unfinished or templated text; any other error is a bug of this program.
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** The value if it is an object (not an array), else null. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
}

/** A configuration with more alternatives in one place than this is a mistake, or an attack: every import tries each. */
export const MOST_STRINGS = 100

/** The strings in a value of any type, such as a string or an array; the first 100. */
export function asStrings(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value.slice(0, MOST_STRINGS) : [value]
  return list.filter((item) => typeof item === 'string')
}

/**
 * Strings are matched first, so that '//' and ',]' inside them stay. An unclosed string runs to the end of the text: retrying at each
 * following quote would take quadratic time.
 */
const STRING_OR_COMMENT = /"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g
const STRING_OR_TRAILING_COMMA = /"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$)|,(?=\s*[}\]])/g

function toStrict(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(STRING_OR_COMMENT, (found) => (found.startsWith('"') ? found : ' '))
    .replace(STRING_OR_TRAILING_COMMA, (found) => (found.startsWith('"') ? found : ''))
}
