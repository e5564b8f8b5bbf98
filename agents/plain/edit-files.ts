import { applyEdits } from '../../src/edit/apply-edits.ts'
import type { Permission } from '../../src/edit/permission.ts'
import type { SecretKeeper } from '../../src/secrets/secret-keeper.ts'
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
  permission: Permission,
): Promise<string> {
  return edit(root, { kind: 'replace', path, find, replacement }, secrets, permission)
}

/** Creates a file that does not exist yet. Returns 'ok', or what is wrong, for the model. */
export function createFile(
  root: string,
  path: string,
  text: string,
  secrets: SecretKeeper,
  permission: Permission,
): Promise<string> {
  return edit(root, { kind: 'create', path, text }, secrets, permission)
}

async function edit(root: string, one: Edit, secrets: SecretKeeper, permission: Permission): Promise<string> {
  const visible = async (path: string, text: string) => (await secrets.mask(path, text)).split(/\r?\n/)
  const outcome = await applyEdits(root, [one], { ...UNCHECKED, permission, visible })
  return outcome.ok ? 'ok' : `error: ${outcome.problems.map(({ message }) => message).join('\n')}`
}
