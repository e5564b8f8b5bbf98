/** Most characters in all costly patterns of one file. A path of 600 characters is then matched in some milliseconds. */
const MOST_CHARACTERS = 50_000

/**
 * Limits the costly patterns of one file, since a repository may bring a megabyte of them. A pattern is costly to match if it has two or more
 * '*', not counting a '**' at either end. Returns a function that says whether there is room for the next pattern.
 */
export function roomForPatterns(): (pattern: string) => boolean {
  let left = MOST_CHARACTERS
  return (pattern) => {
    const isCostly = /\*[^*]+\*/.test(pattern.replace(/^!?\/?\*\*\/|\/\*\*\/?$/g, ''))
    if (isCostly) left -= pattern.length
    return left >= 0
  }
}
