import { redactSecrets, secretsIn } from './find-secrets.ts'
import { markOf } from './secret.ts'

const LEAST = 6 // characters of the shortest password that a rule finds

/**
 * A diff without the secrets of either side. A change of a secret's name hides it from the rules on one side, or in the diff as a whole,
 * where old and new lines alternate.
 */
export async function redactDiff(diff: string): Promise<string> {
  const values = new Map<string, string>() // by value: its mark
  for (const side of [/^\+/, /^-/]) {
    const text = diff
      .split('\n')
      .filter((line) => !side.test(line))
      .map((line) => line.slice(1))
      .join('\n')
    for (const { kind, from, to } of await secretsIn(text, 'text'))
      for (const value of text.slice(from, to).split('\n')) {
        const bare = value.trim()
        if (bare.length >= LEAST) values.set(bare, markOf(kind))
      }
  }
  const longestFirst = [...values].sort(([a], [b]) => b.length - a.length)
  return redactSecrets(longestFirst.reduce((rest, [value, mark]) => rest.replaceAll(value, mark), diff))
}
