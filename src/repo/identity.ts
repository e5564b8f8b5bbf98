/** Author of commits that are no user's. */
export const IDENTITY = {
  GIT_AUTHOR_NAME: 'repose',
  GIT_AUTHOR_EMAIL: 'repose@localhost',
  GIT_COMMITTER_NAME: 'repose',
  GIT_COMMITTER_EMAIL: 'repose@localhost',
}

/** The environment to write refs in: neither words of the settings nor the HEAD of a linked worktree get into logs that git keeps of refs. */
export function ofOurRefs(commonDir: string): Readonly<Record<string, string>> {
  return { ...IDENTITY, GIT_DIR: commonDir }
}
