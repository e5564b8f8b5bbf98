/** Converts offsets to rows, 0-based. Only '\n' ends a line, as in tree-sitter. */
export interface LineIndex {
  readonly text: string
  /** O(log lines). */
  rowOf(offset: number): number
  /** True if only white space precedes the offset on its line. */
  isFirstOnLine(offset: number): boolean
  /** True if the test holds for all lines from row `first` to before row `end`. Stops at the first failure. */
  every(first: number, end: number, test: (line: string) => boolean): boolean
}

/** Reads the text once. */
export function lineIndex(text: string): LineIndex {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return {
    text,
    rowOf(offset) {
      let low = 0
      let high = starts.length
      while (low < high) {
        const middle = (low + high) >> 1
        if (starts[middle]! <= offset) low = middle + 1
        else high = middle
      }
      return low - 1
    },
    isFirstOnLine(offset) {
      let at = offset - 1
      while (at >= 0 && (text[at] === ' ' || text[at] === '\t')) at--
      return at < 0 || text[at] === '\n' || text[at] === '\uFEFF'
    },
    every(first, end, test) {
      for (let row = first; row < end; row++) {
        if (!test(text.slice(starts[row], starts[row + 1] ?? text.length))) return false
      }
      return true
    },
  }
}
