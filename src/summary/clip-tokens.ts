import { trimEndOf } from '../text/trim-end.ts'
import { countTokens } from '../tokens/tokens.ts'

/** As many whole words of a line as fit into `tokens`, with '…' for the rest. */
export function clipTokens(line: string, tokens: number): string {
  if (line.length * 3 <= tokens || countTokens(line) <= tokens) return line // a token is at least a byte
  const words = line.split(' ')
  let low = 0
  let high = words.length
  const cut = (count: number) => `${trimEndOf(words.slice(0, count).join(' '), ',;:.')}…`
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (countTokens(cut(middle)) <= tokens) low = middle
    else high = middle - 1
  }
  return low === 0 ? '' : cut(low)
}
