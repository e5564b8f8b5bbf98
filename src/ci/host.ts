/** A pull request (on GitLab: a merge request) or an issue, by its number. */
export interface Thread {
  readonly kind: 'pull' | 'issue'
  readonly number: number
}

export interface HostComment {
  readonly id: string
  /** The account that wrote it; null: it is gone. */
  readonly author: string | null
  readonly body: string
}

/** A website that keeps the repository, as far as a bot needs it. All calls throw UserError for what it refuses. */
export interface Host {
  /** 'GitHub'. */
  readonly name: string
  /** The account that the token acts for. */
  self(): Promise<string>
  /** Every comment, oldest first. */
  comments(thread: Thread): Promise<readonly HostComment[]>
  /** Adds a comment. Returns it as the host has it. */
  comment(thread: Thread, body: string): Promise<HostComment>
  editComment(thread: Thread, id: string, body: string): Promise<void>
  deleteComment(thread: Thread, id: string): Promise<void>
}

export interface NewPull {
  readonly title: string
  readonly body: string
  /** Its branch, which has been pushed. */
  readonly branch: string
  /** The branch that it is to be merged into. */
  readonly into: string
}

/** A host whose issues have labels. */
export interface IssueHost extends Host {
  /** Whether an account may push to the repository. */
  mayWrite(account: string): Promise<boolean>
  /** Opens a pull request. Returns its address. */
  openPull(pull: NewPull): Promise<string>
}
