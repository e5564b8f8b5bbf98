import { withArticles } from '../../src/secrets/secret.ts'

/** A line for the receipt: 'src/x.env not sent: looks like it holds a GitHub token'. */
export function notSent(subject: string, secrets: readonly string[]): string {
  return `${subject} not sent: looks like it holds ${withArticles(secrets)}`
}
