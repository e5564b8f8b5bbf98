import { cutOut, cutOutByLine, WALL } from './secret.ts'
import { tableSecrets } from './table-secrets.ts'

/** The text with each secret replaced by its kind. Synchronous, by the table alone: for texts that are stored. */
export function withoutSecrets(text: string): string {
  return cutOut(text, tableSecrets(text))
}

/** True if withoutSecrets changes none of these texts. One search for all: most are short, and each search has a cost of its own. */
export function areClean(texts: readonly string[]): boolean {
  return tableSecrets(texts.join(WALL)).length === 0
}

/** withoutSecrets for a file: no line moves. */
export function visibleText(text: string): string {
  return cutOutByLine(text, tableSecrets(text))
}

/** A JSON value with secrets removed from every string in it, keys included. */
export function cleanValue<T>(value: T): T {
  if (typeof value === 'string') return withoutSecrets(value) as T
  if (Array.isArray(value)) return value.map(cleanValue) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [withoutSecrets(key), cleanValue(one)])) as T
}
