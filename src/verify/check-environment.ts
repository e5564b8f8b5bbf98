const SECRET = /KEY|TOKEN|SECRET|PASSWORD/i

// In a git hook these point at the user's repository and index; a check works on another tree.
const GIT_PLACE =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|PREFIX|NAMESPACE)$/

/**
 * The environment for a check: `base` without anything named like a secret, set for a run without terminal and colours.
 * A check runs code that a model has written.
 */
export function checkEnvironment(base: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && !SECRET.test(name) && !GIT_PLACE.test(name) && name !== 'FORCE_COLOR') env[name] = value
  }
  return { ...env, CI: '1', NO_COLOR: '1' }
}
