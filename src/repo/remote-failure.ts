import { UserError } from '../errors.ts'
import { withoutCredentials } from '../secrets/without-credentials.ts'
import { printable } from '../text/printable.ts'
import type { GitError } from './git.ts'

/** The remote has no such ref, or hides it. */
export function isAbsent({ stderr }: GitError, ref: string): boolean {
  return stderr.includes(`couldn't find remote ref ${ref}`)
}

/** Another push was first: the ref no longer names what was expected. */
export function isLost({ stderr }: GitError): boolean {
  return /\((stale info|fetch first|failed to update ref|incorrect old value provided|reference already exists|failed to lock|cannot lock ref[^)]*)\)|cannot lock ref|unable to (lock|create) .*\.lock/.test(
    stderr,
  )
}

/** Receivers that take only fast-forward pushes: receive.denyNonFastForwards, protected branches. */
export function isDenied({ stderr }: GitError): boolean {
  return /\((non-fast-forward|denying non-fast-forward[^)]*|cannot force[- ]push[^)]*)\)|force[- ]push/i.test(stderr)
}

const KINDS: readonly (readonly [form: RegExp, what: string, fix: (remote: string, ref: string) => string])[] = [
  [
    /\[remote rejected\]|hook declined|deny(ing)? updating|funny refname|prohibited|pre-receive|not allowed to (create|update|push to) (the )?ref/i,
    'takes no push to',
    (_, ref) =>
      ref.startsWith('refs/heads/')
        ? `let it take that branch (protection rules, hooks), or name another one as "store": {"ref": ...} in ~/.config/repose/config.json`
        : `let it take refs outside heads (receive.hideRefs, transfer.hideRefs or a hook of it), or use a branch: "store": {"ref": "refs/heads/repose-store"} in ~/.config/repose/config.json`,
  ],
  [
    /could not read (Username|Password)|Authentication failed|terminal prompts disabled|Host key verification failed|Permission denied \(publickey/i,
    'wants you to log in for',
    (remote) => `log in once with git itself: git fetch ${remote}; repose uses what your git then knows`,
  ],
  [
    /\b403\b|Permission (to .* )?denied|access denied|not allowed to push|insufficient permission|read[- ]only|unable to (write|create)|not permitted/i,
    'gives no write access for',
    () => 'ask for write access; repose pull needs none, and repose export jsonl > FILE shares rows without a remote',
  ],
  [
    /transport '.*' not allowed/,
    'has an address that names a program, which is not run for',
    (remote) => `git remote set-url ${remote} URL with https://, ssh:// or a path; GIT_ALLOW_PROTOCOL allows others`,
  ],
  [/mismatched algorithms/, 'has another object format, so there is no', () => 'convert one of the two repositories'],
]

/** What git could not do with a remote, in two lines. No password of an address is shown. */
export function remoteFailed(error: GitError, remote: string, ref: string): UserError {
  const [, what, fix] = KINDS.find(([form]) => form.test(error.stderr)) ?? [
    null,
    'cannot be reached for',
    (name: string) => `see what git says itself: git ls-remote ${name}`,
  ]
  return new UserError(`the remote ${remote} ${what} ${ref} (${saidBy(error.stderr)})`, fix(remote, ref), {
    exitCode: 1,
    cause: error,
  })
}

const MOST = 200 // characters

/** The line of git's message that tells most. */
function saidBy(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.replace(/^(remote|fatal|error|hint): */, '').trim())
    .filter(Boolean)
  const line =
    lines.find((one) => /rejected|denied|declined|not |cannot|could|unable/i.test(one)) ?? lines[0] ?? 'no word'
  return printable(withoutCredentials(line)).slice(0, MOST)
}
