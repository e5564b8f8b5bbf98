import { parseJson } from '../../text/parse-json.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/**
 * The object in a JSON text with comments and trailing commas (tsconfig.json), or null when there is none: no text,
 * malformed text, an array. Callers treat such a file as absent, as it may be half-written at the moment of reading.
 */
export function parseLooseJson(text: string | null): JsonObject | null {
  if (text === null) return null
  try {
    return asObject(parseJson(toStrict(text)))
  } catch (error) {
    // A half-written or templated file is somebody's work in progress; anything but bad syntax is a bug of this program.
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** The value if it is an object (not an array), else null. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
}

/** A configuration that names more alternatives in one place than this is a mistake, or made to take for ever: every import tries each. */
export const MOST_STRINGS = 100

/** The strings in a value that may be a string, an array or anything else; the first 100. */
export function asStrings(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value.slice(0, MOST_STRINGS) : [value]
  return list.filter((item) => typeof item === 'string')
}

/**
 * Strings are matched first, so that '//' and ',]' inside them stay. What is not closed runs to the end of the text:
 * giving up on it and trying again at the next quote would take quadratic time.
 */
const STRING_OR_COMMENT = /"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g
const STRING_OR_TRAILING_COMMA = /"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$)|,(?=\s*[}\]])/g

function toStrict(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(STRING_OR_COMMENT, (found) => (found.startsWith('"') ? found : ' '))
    .replace(STRING_OR_TRAILING_COMMA, (found) => (found.startsWith('"') ? found : ''))
}
