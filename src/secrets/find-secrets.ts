import { basename, extname } from 'node:path'

/** A place in a text that holds a secret. */
export interface Secret {
  /** 'GitHub token'. */
  readonly kind: string
  readonly from: number
  readonly to: number
  /** False where the place is more than the secret: a whole file. */
  readonly isExact: boolean
}

/**
 * What kinds of secret a text looks like it holds: ['GitHub token']; [] where none is found. Never the secret itself.
 * path: some rules look only at files of certain names. Found by secretlint's recommended rules (loaded on first use,
 * about 100 ms; then some milliseconds a file), which let documented example keys pass.
 */
export async function findSecrets(text: string, path: string): Promise<readonly string[]> {
  return kindsOf(await secretsIn(text, path))
}

/** The text with each secret replaced by what it is: '[GitHub token left out]'. A private key goes from its first line to its last. */
export async function redactSecrets(text: string): Promise<string> {
  return cutOut(text, await secretsIn(text, 'text'), (_, mark) => mark)
}

/** Where a text holds secrets, by their beginnings; they may overlap. path: as in findSecrets. */
export async function secretsIn(text: string, path: string): Promise<readonly Secret[]> {
  const found = (await lint(text, path)).map(({ range: [from, to], message }): Secret => {
    const kind = kindOf(message)
    // some ranges are as long as the secret, and begin at the name of the variable; the message ends with the secret itself
    const told = message.slice(from - to)
    const at = text.indexOf(told, from)
    if (at >= 0) return { kind, from: at, to: at + told.length, isExact: true }
    return { kind, from, to: to + text.slice(to).search(/$/m), isExact: false }
  })
  return found.sort((a, b) => a.from - b.from)
}

/** Each kind once. */
export function kindsOf(secrets: readonly Secret[]): readonly string[] {
  return [...new Set(secrets.map(({ kind }) => kind))]
}

/** The text with what `write` makes of each secret, and of the mark of its kind, in its place. secrets: as secretsIn gives them. */
export function cutOut(
  text: string,
  secrets: readonly Secret[],
  write: (secret: string, mark: string) => string,
): string {
  let end = 0
  const parts = secrets.flatMap(({ kind, from, to }) => {
    if (to <= end) return []
    const before = text.slice(end, Math.max(end, from))
    const secret = text.slice(Math.max(end, from), to)
    end = to
    return [before, write(secret, markOf(kind))]
  })
  return parts.join('') + text.slice(end)
}

/** What stands in place of a secret. */
export function markOf(kind: string): string {
  return `[${kind} left out]`
}

/** 'a GitHub token and an npm access token'. */
export function withArticles(kinds: readonly string[]): string {
  return kinds.map((kind) => `${/^[aeiou]/i.test(kind) ? 'an' : 'a'} ${kind}`).join(' and ')
}

async function lint(text: string, path: string) {
  const [{ lintSource }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ])
  // its profiler fails at some names: a line break, '::end'
  const filePath = basename(path).replace(/[^\w.-]/g, '_')
  // of the same length, and no comment that switches rules off: what is sent is not for the text to decide
  const content = text.replaceAll('secretlint-', 'secretlint_')
  const { messages } = await lintSource({
    source: { content, filePath, ext: extname(filePath), contentType: 'text' },
    options: { config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] } },
  })
  return messages
}

/** 'found GitHub Token(*****): *****' says 'GitHub token'. */
function kindOf(message: string): string {
  const name = message.replace(/^found\s+/i, '').replace(/\s*[(:][\s\S]*$/, '')
  return name.replace(/\b(Token|Key|Secret|Access|Private|Credential|Id)\b/g, (word) => word.toLowerCase())
}
