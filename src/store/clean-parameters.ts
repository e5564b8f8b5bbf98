import { cleanValue, withoutSecrets } from '../secrets/without-secrets.ts'

/** A text that is stored as it is: it holds nothing of a repository (where a working tree is), or was made of what is clean (terms for full text). */
export class Exactly {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

const LEAST = 8 // characters of a secret

/** What a statement writes, without secrets. JSON stays JSON. */
export function cleanParameters(values: readonly unknown[]): readonly unknown[] {
  const together = textsOf(values).join('\n')
  const clean = withoutSecrets(together) === together ? (text: string) => text : cleanText
  return values.map((value) => cleanOne(value, clean))
}

function textsOf(values: readonly unknown[]): string[] {
  return values.flatMap((value) =>
    typeof value === 'string'
      ? value.length < LEAST
        ? []
        : [value]
      : isNamed(value)
        ? textsOf(Object.values(value))
        : [],
  )
}

function cleanOne(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value)
  if (value instanceof Exactly) return value.text
  if (!isNamed(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cleanOne(one, clean)]))
}

/** Parameters by their names. */
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
