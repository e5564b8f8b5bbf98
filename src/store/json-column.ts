import { parseJson } from '../text/parse-json.ts'
import { damage } from './row-check.ts'

/** Parses a column that holds JSON. Throws SQLite's error for a damaged file if it holds no JSON, or JSON of another shape. */
export function readJson<T>(text: string, isMeant: (value: unknown) => value is T): T {
  let value: unknown
  try {
    value = parseJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw damage(`a column of JSON holds something else: ${error.message}`)
    throw error
  }
  if (!isMeant(value)) throw damage('a column of JSON holds another value than it is for')
  return value
}

export function isAnything(value: unknown): value is unknown {
  return value !== undefined
}

export function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

/** True for figures by arm: numbers by name, grouped by name. */
export function areFigures(value: unknown): value is Record<string, Record<string, number>> {
  return isTable(value) && Object.values(value).every((row) => isTable(row) && Object.values(row).every(isNumber))
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number'
}
