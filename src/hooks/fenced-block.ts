const START = '# >>> repose hook >>>'
const END = '# <<< repose hook <<<'
const LINE_END_ADDED = ' (line end added)'

/** True if a script holds our block. */
export function hasBlock(script: string): boolean {
  return blockIn(script) !== null
}

/**
 * Inserts our lines after the first line of a shell script, so that they run before any `exit` or `exec` in it. Lines of
 * an earlier installation are replaced.
 */
export function withBlock(script: string, lines: readonly string[]): string {
  const plain = withoutBlock(script)
  const first = plain.indexOf('\n')
  const isOneLine = first < 0
  const note = `${isOneLine ? LINE_END_ADDED : ''} repose hook uninstall takes these lines out`
  const block = `${START}${note}\n${lines.join('\n')}\n${END}\n`
  if (isOneLine) return `${plain}\n${block}`
  return `${plain.slice(0, first + 1)}${block}${plain.slice(first + 1)}`
}

/** The script without our block: exactly what it was before. */
export function withoutBlock(script: string): string {
  const block = blockIn(script)
  if (block === null) return script
  const isAdded = block.from > 0 && script.startsWith(LINE_END_ADDED, block.from + START.length)
  return script.slice(0, block.from - (isAdded ? 1 : 0)) + script.slice(block.to)
}

/** From the first line of our block to behind its last; everything between is ours. null: there is none. Linear. */
function blockIn(script: string): { readonly from: number; readonly to: number } | null {
  const from = script.startsWith(START) ? 0 : 1 + script.indexOf(`\n${START}`)
  if (from === 0 && !script.startsWith(START)) return null
  const end = `\n${END}\n`
  const at = script.indexOf(end, from)
  return at < 0 ? null : { from, to: at + end.length }
}
