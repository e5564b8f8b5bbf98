import { extname } from 'node:path'

/**
 * What kinds of secret a text looks like it holds: ['GitHub token']; [] where none is found. Never the secret itself.
 * path: some rules look only at files of certain names. Found by secretlint's recommended rules (loaded on first use,
 * about 100 ms; then some milliseconds a file), which let documented example keys pass.
 */
export async function findSecrets(text: string, path: string): Promise<readonly string[]> {
  return [...new Set((await lint(text, path)).map((one) => kindOf(one.message)))]
}

/** The text with each secret replaced by what it is: '[GitHub token left out]'. A private key goes from its first line to its last. */
export async function redactSecrets(text: string): Promise<string> {
  const found = [...(await lint(text, 'text'))].sort((a, b) => b.range[0] - a.range[0])
  return found.reduce(
    (rest, { range: [from, to], message }) => `${rest.slice(0, from)}[${kindOf(message)} left out]${rest.slice(to)}`,
    text,
  )
}

async function lint(text: string, path: string) {
  const [{ lintSource }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ])
  const { messages } = await lintSource({
    source: { content: text, filePath: path, ext: extname(path), contentType: 'text' },
    options: {
      config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] },
      maskSecrets: true,
    },
  })
  return messages
}

/** 'found GitHub Token(*****): *****' says 'GitHub token'. */
function kindOf(message: string): string {
  const name = message.replace(/^found\s+/i, '').replace(/\s*[(:][\s\S]*$/, '')
  return name.replace(/\b(Token|Key|Secret|Access|Private|Credential|Id)\b/g, (word) => word.toLowerCase())
}
