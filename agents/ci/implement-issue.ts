import type { IssueHost, Thread } from '../../src/ci/host.ts'
import type { LabelJob } from '../../src/ci/job.ts'
import { keepComment } from '../../src/ci/keep-comment.ts'
import { commitDraft } from '../../src/repo/drafts.ts'
import { hasRemoteBranch, pushNewBranch, type RemoteHeader } from '../../src/repo/push-branch.ts'
import { treeWith } from '../../src/repo/tree-with.ts'
import { redactSecrets } from '../../src/secrets/find-secrets.ts'
import type { StopReason, Usage } from '../../src/types.ts'
import { type FeatureOptions, implementRequest } from '../feature/agent.ts'
import { issueRequest } from './issue-request.ts'
import { commitMessage, failureText, pullText, pullTitle } from './pull-text.ts'

export interface IssueOptions
  extends Omit<FeatureOptions, 'onlyCaged' | 'at' | 'isLinked' | 'isForeign' | 'goOn' | 'confirm'> {
  readonly host: IssueHost
  /** Where the branch is pushed to: 'origin'. */
  readonly remote: string
  /** For that remote; null: git has its own way to log in. */
  readonly header: RemoteHeader | null
  /** Checks of the repository that do not run, since nobody trusts them. */
  readonly untrusted: readonly string[]
}

export interface IssueEnd {
  readonly branch: string
  /** Address of the pull request; null: there is none. */
  readonly pull: string | null
  /** Why there is none. */
  readonly why: string | null
  /** null: no model was asked. */
  readonly stop: StopReason | null
  readonly usage: Usage | null
}

/** The branch of an issue. Nothing of the issue's text is in it. */
export function branchOf(issue: number): string {
  return `repose/issue-${issue}`
}

/**
 * Implements an issue at HEAD and opens a pull request: a worktree of its own, checks in the cage or not at all, a new branch, pushed.
 * The issue's text is a request from outside: it allows no protected path. If nothing comes of it, one comment on the issue says why.
 * Throws UserError for what the remote or the host refuses.
 */
export async function implementIssue(job: LabelJob, options: IssueOptions): Promise<IssueEnd> {
  const { host, remote, header, repo, untrusted } = options
  const { issue, defaultBranch } = job
  const thread: Thread = { kind: 'issue', number: issue.number }
  const branch = branchOf(issue.number)
  if (await hasRemoteBranch(repo.root, remote, branch, header)) {
    const why = `${remote} has the branch ${branch} already: merge or delete it first`
    return { branch, pull: null, why, stop: null, usage: null }
  }
  const run: FeatureOptions = {
    ...options,
    ...{ at: repo.head, isLinked: true, isForeign: true, onlyCaged: true, goOn: async () => true },
    cage: options.cage && { ...options.cage, uncaged: false },
  }
  return implementRequest(issueRequest(issue), run, async (result, _worktree, { opened }) => {
    const { stop, usage, diff } = result
    const reported = { ...result, opened, untrusted }
    const merged = stop === 'done' && diff !== '' ? await treeWith(repo.root, repo.head, diff) : null
    if (merged === null || !('tree' in merged)) {
      const why = result.reason ?? stop
      await keepComment(host, thread, 'implement', await redactSecrets(failureText(reported)))
      return { branch, pull: null, why, stop, usage }
    }
    const message = await redactSecrets(commitMessage(issue))
    const commit = await commitDraft(repo.root, repo.head, merged.tree, message)
    await pushNewBranch(repo.root, remote, branch, commit, header)
    const [title, body] = await Promise.all([pullTitle(issue), pullText(issue, reported)].map(redactSecrets))
    const pull = await host.openPull({ title: title!, body: body!, branch, into: defaultBranch })
    await keepComment(host, thread, 'implement', null)
    return { branch, pull, why: null, stop, usage }
  })
}
