/** A line for the receipt: 'src/x.env not sent: looks like it holds a GitHub token'. */
export function notSent(subject: string, secrets: readonly string[]): string {
  return `${subject} not sent: looks like it holds ${secrets.map(withArticle).join(' and ')}`
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`
}
