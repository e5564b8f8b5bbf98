import { withoutSecrets } from '../secrets/without-secrets.ts'
import type { LoggedChange, LoggedCommit } from './logged-commit.ts'
import { plainText } from './plain-text.ts'

const MOST_TOKEN = 20_000 // bytes of a message or a path; messages are used by less, and somebody may write one of 300 MB
const NUL = 0

// A commit of more changes is a sweep, which says little of each; what it says is told of these.
const MOST_CHANGES = 2000
const MANY = 500_000 // changes of all commits together, after which sweeps are told by fewer still: memory has an end
const FEW_CHANGES = 50

/**
 * Reads what `git log -z --raw` with `fields` fields behind each hash says, piece by piece: its output may have any size, and no more is kept of
 * it than the beginnings of its texts. Fields are counted, not searched for: a message may hold anything but NUL, what begins a commit too.
 */
export class LogReader {
  readonly commits: LoggedCommit[] = []
  readonly #fields: number
  #token: Buffer[] = []
  #size = 0
  #said: string[] | null = null // the hash and fields of a commit under way
  #changes: LoggedChange[] = []
  #change: Omit<LoggedChange, 'path' | 'was'> | null = null // whose paths are still to come
  #was: string | null = null
  #total = 0

  constructor(fields: number) {
    this.#fields = fields
  }

  add(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const nul = chunk.indexOf(NUL, at)
      const end = nul < 0 ? chunk.length : nul
      const kept = Math.min(end, at + MOST_TOKEN - this.#size)
      if (kept > at) this.#token.push(chunk.subarray(at, kept))
      this.#size += Math.max(0, kept - at)
      if (nul >= 0) this.#end()
      at = end + 1
    }
  }

  /** What the last one changed ends with the output. */
  close(): readonly LoggedCommit[] {
    if (this.#size > 0) this.#end()
    if (this.#said && this.#said.length > this.#fields) this.#finish()
    return this.commits
  }

  #end(): void {
    const [only] = this.#token
    const text = (this.#token.length === 1 ? only! : Buffer.concat(this.#token)).toString('utf8')
    this.#token = []
    this.#size = 0
    this.#take(text)
  }

  #take(text: string): void {
    if (this.#said && this.#said.length <= this.#fields) {
      this.#said.push(text)
      return
    }
    if (this.#change) this.#takePath(this.#change, text)
    else if (text.startsWith('\x01')) {
      this.#finish()
      this.#said = [text.slice(1)]
    } else this.#change = readChange(text) // null: the empty one between the message and the changes
  }

  #takePath(change: Omit<LoggedChange, 'path' | 'was'>, path: string): void {
    if (change.letter === 'R' && this.#was === null) {
      this.#was = withoutSecrets(path)
      return
    }
    this.#total++
    if (this.#changes.length < (this.#total > MANY ? FEW_CHANGES : MOST_CHANGES))
      this.#changes.push({ ...change, path: withoutSecrets(path), was: this.#was })
    this.#change = null
    this.#was = null
  }

  #finish(): void {
    if (!this.#said) return
    const [hash, ...fields] = this.#said
    this.commits.push({
      hash: hash!,
      fields: fields.map((field) => withoutSecrets(plainText(field))),
      changes: this.#changes,
      missing: null,
    })
    this.#changes = []
    this.#said = null
  }
}

function readChange(text: string): Omit<LoggedChange, 'path' | 'was'> | null {
  const raw = /^\n?:(\d+) (\d+) (\w+) (\w+) ([A-Z])(\d*)$/.exec(text)
  if (!raw) return null
  const [, modeBefore, modeAfter, before, after, letter, similarity] = raw as unknown as string[]
  return {
    letter: letter!,
    similarity: letter === 'R' ? Number(similarity) : 100,
    modes: [modeBefore!, modeAfter!],
    blobs: [before!, after!],
  }
}
