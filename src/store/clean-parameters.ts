import { areClean, cleanValue, withoutSecrets } from '../secrets/without-secrets.ts'

/**
 * A text that is stored as it is. Either it holds nothing of a repository (the path of a working tree), or it was made
 * of clean text (terms for full text).
 */
export class Exactly {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

const LEAST = 8 // characters of a secret

/** The parameters of a statement, without secrets. JSON stays JSON. */
export function cleanParameters(values: readonly unknown[]): readonly unknown[] {
  const texts: string[] = []
  const add = (value: unknown): void => {
    if (typeof value === 'string') {
      if (value.length >= LEAST) texts.push(value)
    } else if (isNamed(value)) for (const one of Object.values(value)) add(one)
  }
  for (const value of values) add(value)
  const isClean = texts.length === 0 || areClean(texts)
  return values.map((value) => cleanOne(value, isClean ? asItIs : cleanText))
}

const asItIs = (text: string) => text

function cleanOne(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value)
  if (value instanceof Exactly) return value.text
  if (!isNamed(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cleanOne(one, clean)]))
}

/** True for an object of parameters by name. */
function isNamed(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Exactly) && !Buffer.isBuffer(value)
}

function cleanText(text: string): string {
  if (!/^[[{]/.test(text)) return withoutSecrets(text)
  try {
    return JSON.stringify(cleanValue(JSON.parse(text)))
  } catch {
    return withoutSecrets(text)
  }
}
