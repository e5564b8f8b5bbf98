import { UserError } from '../errors.ts'
import { withoutCredentials } from '../secrets/without-credentials.ts'
import { printable } from '../text/printable.ts'
import { GitError, git } from './git.ts'
import { gitEnvironment } from './git-environment.ts'

/** A header of HTTP for one server, so that no file of the clone has to hold a token. */
export interface RemoteHeader {
  /** 'https://github.com' */
  readonly server: string
  readonly header: string
}

/** git's own program at the other end, and not one that settings name. */
const PLAIN_PUSH = ['--receive-pack=git-receive-pack', '--no-signed', '--no-follow-tags', '--recurse-submodules=no']

/** Whether a remote has a branch. Throws UserError if it cannot be asked. */
export async function hasRemoteBranch(
  root: string,
  remote: string,
  branch: string,
  header: RemoteHeader | null = null,
): Promise<boolean> {
  const args = ['ls-remote', '--upload-pack=git-upload-pack', '--', remote, `refs/heads/${branch}`]
  return (await asked(root, args, remote, header)).trim() !== ''
}

/** Pushes a commit as a new branch of a remote. Throws UserError if the branch is there already, and for what the remote refuses. */
export async function pushNewBranch(
  root: string,
  remote: string,
  branch: string,
  commit: string,
  header: RemoteHeader | null = null,
): Promise<void> {
  const ref = `refs/heads/${branch}`
  // with nothing behind its colon, the lease says: only if there is no such ref
  await asked(
    root,
    ['push', ...PLAIN_PUSH, `--force-with-lease=${ref}:`, '--', remote, `${commit}:${ref}`],
    remote,
    header,
  )
}

async function asked(
  root: string,
  args: readonly string[],
  remote: string,
  header: RemoteHeader | null,
): Promise<string> {
  try {
    return await git(root, args, { env: header ? settingOf(header) : {} })
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    const lines = error.stderr.trim().split('\n')
    const why = lines.find((line) => /^ ! |^(fatal|error): /.test(line)) ?? lines[0]!
    throw new UserError(
      `the remote ${remote} did not take it: ${printable(withoutCredentials(why.trim()))}`,
      'see whether the job may push to it (docs/ci.md), and whether the branch is there already',
      { exitCode: 1, cause: error },
    )
  }
}

/** A header as a setting in the environment, behind those that are there. An earlier one for the same server does not count. */
function settingOf({ server, header }: RemoteHeader): Record<string, string> {
  const at = Number(gitEnvironment().GIT_CONFIG_COUNT ?? 0)
  const key = `http.${server.replace(/\/+$/, '')}/.extraheader`
  return {
    GIT_CONFIG_COUNT: String(at + 2),
    ...{ [`GIT_CONFIG_KEY_${at}`]: key, [`GIT_CONFIG_VALUE_${at}`]: '' },
    ...{ [`GIT_CONFIG_KEY_${at + 1}`]: key, [`GIT_CONFIG_VALUE_${at + 1}`]: header },
  }
}
