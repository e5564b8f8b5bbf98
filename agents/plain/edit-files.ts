import { applyEdits } from '../../src/edit/apply-edits.ts'
import type { SecretKeeper } from '../../src/secret-keeper.ts'
import type { Edit } from '../../src/types.ts'

// The plain agent's edits are its own affair, as with any agent: its syntax is not looked at.
const UNCHECKED = { symbolsOf: async () => [], syntaxErrors: async () => [] }

/** Replaces text that occurs exactly once in a file. Returns 'ok', or what is wrong, for the model. */
export function replaceText(
  root: string,
  path: string,
  find: string,
  replacement: string,
  secrets: SecretKeeper,
  maxFileBytes: number,
): Promise<string> {
  return edit(root, { kind: 'replace', path, find, replacement }, secrets, maxFileBytes)
}

/** Creates a file that does not exist yet. Returns 'ok', or what is wrong, for the model. */
export function createFile(root: string, path: string, text: string, secrets: SecretKeeper): Promise<string> {
  return edit(root, { kind: 'create', path, text }, secrets)
}

async function edit(root: string, one: Edit, secrets: SecretKeeper, maxFileBytes?: number): Promise<string> {
  const visible = async (path: string, text: string) => (await secrets.mask(path, text)).split(/\r?\n/)
  const outcome = await applyEdits(root, [one], { ...UNCHECKED, visible, maxFileBytes })
  return outcome.ok ? 'ok' : `error: ${outcome.problems.map(({ message }) => message).join('\n')}`
}
