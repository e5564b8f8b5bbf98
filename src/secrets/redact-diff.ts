import type { RepoPath } from '../types.ts'
import { redactSecrets, secretsIn } from './find-secrets.ts'
import { cutOutByLine, withoutOverlaps } from './secret.ts'
import { valueFinder } from './value-finder.ts'

const MOST = 500 // secrets
const LEAST = 6 // characters of the shortest password that a rule finds

/** A file of the working tree, whole. */
export interface WholeFile {
  readonly path: RepoPath
  readonly text: string
}

/**
 * A diff without the secrets of either side. A change of a secret's name hides it from the rules on one side, or in the diff as a whole,
 * where old and new lines alternate. files: those that the diff changes, since the name may stand outside of it.
 */
export async function redactDiff(diff: string, files: readonly WholeFile[] = []): Promise<string> {
  const values = valueFinder(LEAST)
  const learn = async (text: string, path: string) => {
    for (const { kind, from, to } of await secretsIn(text, path))
      for (const value of text.slice(from, to).split('\n')) values.add(value.trim(), kind)
  }
  for (const { path, text } of files) await learn(text, path)
  for (const side of [/^\+/, /^-/]) {
    const text = diff
      .split('\n')
      .filter((line) => !side.test(line))
      .map((line) => line.slice(1))
      .join('\n')
    await learn(text, 'text')
  }
  if (values.size > MOST) return '(the diff has very many secrets, and is not shown)'
  return redactSecrets(cutOutByLine(diff, withoutOverlaps(values.placesIn(diff))))
}
