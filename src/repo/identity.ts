/** Author of commits that are no user's. */
export const IDENTITY = {
  GIT_AUTHOR_NAME: 'repose',
  GIT_AUTHOR_EMAIL: 'repose@localhost',
  GIT_COMMITTER_NAME: 'repose',
  GIT_COMMITTER_EMAIL: 'repose@localhost',
}
