import { applyEdits } from '../../src/edit/apply-edits.ts'
import type { Permission } from '../../src/edit/permission.ts'
import type { SecretKeeper } from '../../src/secrets/secret-keeper.ts'
import type { Edit } from '../../src/types.ts'

/** Limits on what an edit may see and change. */
export interface EditLimits {
  readonly secrets: SecretKeeper
  readonly permission: Permission
  /** Larger files are neither shown nor edited. */
  readonly maxFileBytes?: number
}

// As with any usual agent, the syntax of the plain agent's edits is not checked.
const UNCHECKED = { symbolsOf: async () => [], syntaxErrors: async () => [] }

/** Replaces text that occurs exactly once in a file. Returns 'ok', or what is wrong, for the model. */
export function replaceText(
  root: string,
  path: string,
  find: string,
  replacement: string,
  limits: EditLimits,
): Promise<string> {
  return edit(root, { kind: 'replace', path, find, replacement }, limits)
}

/** Creates a file that does not exist yet. Returns 'ok', or what is wrong, for the model. */
export function createFile(root: string, path: string, text: string, limits: EditLimits): Promise<string> {
  return edit(root, { kind: 'create', path, text }, limits)
}

async function edit(root: string, one: Edit, { secrets, ...limits }: EditLimits): Promise<string> {
  const visible = async (path: string, text: string) => (await secrets.mask(path, text)).split(/\r?\n/)
  const outcome = await applyEdits(root, [one], { ...UNCHECKED, ...limits, secrets, visible })
  return outcome.ok ? 'ok' : `error: ${outcome.problems.map(({ message }) => message).join('\n')}`
}
