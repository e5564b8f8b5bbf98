/**
 * Text of others between the tags of a prompt. It can close neither this tag nor `others`, also with blanks in the end tag: a backslash
 * stands before its slash. Capital letters make another tag (`</Request>` is a component of somebody's code). Linear.
 */
export function inTags(tag: string, text: string, others: readonly string[] = []): string {
  const ends = new RegExp(`<(?=/\\s*(?:${[tag, ...others].join('|')})(?![\\w-]))`, 'g')
  return `<${tag}>\n${text.replace(ends, '<\\')}\n</${tag}>`
}
