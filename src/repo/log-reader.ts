import { areClean, withoutSecrets } from '../secrets/without-secrets.ts'
import { isChange, LoggedChange, type LoggedCommit } from './logged-commit.ts'
import { plainText } from './plain-text.ts'

const MOST_TOKEN = 20_000 // bytes of a message or a path; a message of 300 MB is possible, and readers need less than this
const NUL = 0

// A commit with more changes is a mass change, which says little about each file; only this many are kept.
const MOST_CHANGES = 2000
const MANY = 500_000 // total changes of all commits; beyond it, even fewer are kept of a mass change, to bound memory
const FEW_CHANGES = 50

/**
 * Parses the output of `git log -z --raw` with `fields` fields after each hash, piece by piece. The output may have any size; only the
 * beginnings of its texts are kept. Fields are counted, not searched for, because a message may contain anything but NUL, including text
 * that looks like the start of a commit.
 */
export class LogReader {
  readonly #commits: LoggedCommit[] = []
  #fresh: LoggedCommit[] = [] // read, but not searched for secrets
  readonly #fields: number
  #rest = Buffer.alloc(0) // the beginning of a text whose end is still to come
  #isCut = false // more of it has come than is kept
  #said: string[] | null = null // hash and fields of the commit being read
  #changes: LoggedChange[] = []
  #change: string | null = null // the change whose paths are still to come
  #was: string | null = null
  #total = 0

  constructor(fields: number) {
    this.#fields = fields
  }

  /** Texts are decoded a chunk at a time: one by one they take four times as long. */
  add(chunk: Buffer): void {
    let data = chunk
    if (this.#isCut) {
      const nul = chunk.indexOf(NUL)
      if (nul < 0) return
      this.#end()
      data = chunk.subarray(nul + 1)
    }
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, data]) : data
    const last = all.lastIndexOf(NUL)
    if (last >= 0) for (const text of all.toString('utf8', 0, last).split('\0')) this.#take(firstBytes(text))
    this.#clean()
    const rest = all.subarray(last + 1)
    this.#isCut = rest.length > MOST_TOKEN
    this.#rest = Buffer.from(rest.subarray(0, MOST_TOKEN)) // a copy: the chunk may be reused
  }

  /** Only the end of the output ends the last commit. */
  close(): readonly LoggedCommit[] {
    if (this.#rest.length > 0) this.#end()
    if (this.#said && this.#said.length > this.#fields) this.#finish()
    this.#clean()
    return this.#commits
  }

  #end(): void {
    const text = this.#rest.toString('utf8')
    this.#rest = Buffer.alloc(0)
    this.#isCut = false
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
    } else if (isChange(text)) this.#change = text // or the empty field between the message and the changes
  }

  #takePath(change: string, path: string): void {
    if (this.#was === null && /R\d*$/.test(change)) {
      this.#was = path
      return
    }
    this.#total++
    if (this.#changes.length < (this.#total > MANY ? FEW_CHANGES : MOST_CHANGES))
      this.#changes.push(new LoggedChange(change, path, this.#was))
    this.#change = null
    this.#was = null
  }

  #finish(): void {
    if (!this.#said) return
    const [hash, ...fields] = this.#said
    this.#fresh.push({ hash: hash!, fields: fields.map(plainText), changes: this.#changes, missing: null })
    this.#changes = []
    this.#said = null
  }

  /** Removes secrets from new commits. Searches all of them together: hardly any has one. */
  #clean(): void {
    const texts = this.#fresh.flatMap(({ fields, changes }) => [
      ...fields,
      ...changes.flatMap(({ path, was }) => (was === null ? path : [path, was])),
    ])
    this.#commits.push(...(areClean(texts) ? this.#fresh : this.#fresh.map(cleanCommit)))
    this.#fresh = []
  }
}

function cleanCommit(commit: LoggedCommit): LoggedCommit {
  const { fields, changes } = commit
  return {
    ...commit,
    fields: fields.map(withoutSecrets),
    changes: changes.map((change) => change.withPaths(withoutSecrets)),
  }
}

/** At most the first 20,000 bytes of a text. */
function firstBytes(text: string): string {
  if (3 * text.length <= MOST_TOKEN) return text // a character of UTF-16 takes three bytes at most
  const bytes = Buffer.from(text)
  return bytes.length <= MOST_TOKEN ? text : bytes.toString('utf8', 0, MOST_TOKEN)
}
