/** Together, of the patterns of one file: a path of 600 characters is held against them in some milliseconds. */
const MOST_CHARACTERS = 50_000

/**
 * Counts the patterns of one file that take long to be held against a path: those with two '*' and more, a '**' at either end apart. Says of each
 * whether there is room for it. A repository may bring a megabyte of them.
 */
export function roomForPatterns(): (pattern: string) => boolean {
  let left = MOST_CHARACTERS
  return (pattern) => {
    const isCostly = /\*[^*]+\*/.test(pattern.replace(/^!?\/?\*\*\/|\/\*\*\/?$/g, ''))
    if (isCostly) left -= pattern.length
    return left >= 0
  }
}
