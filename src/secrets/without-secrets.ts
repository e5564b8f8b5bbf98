import { cutOut, cutOutByLine } from './secret.ts'
import { tableSecrets } from './table-secrets.ts'

/** The text with each secret replaced by what it is, by the table alone, at once: for what is stored. */
export function withoutSecrets(text: string): string {
  return cutOut(text, tableSecrets(text))
}

/** The same of a file: every line stays where it is. */
export function visibleText(text: string): string {
  return cutOutByLine(text, tableSecrets(text))
}

/** A value as JSON has it, with every text in it without secrets, names of keys included. */
export function cleanValue<T>(value: T): T {
  if (typeof value === 'string') return withoutSecrets(value) as T
  if (Array.isArray(value)) return value.map(cleanValue) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [withoutSecrets(key), cleanValue(one)])) as T
}
