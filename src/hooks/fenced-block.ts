const START = '# >>> repose hook >>>'
const END = '# <<< repose hook <<<'
const LINE_END_ADDED = ' (line end added)'
// Never matches a part of a line. Everything between the fences is ours.
const BLOCK = /(\n?)^# >>> repose hook >>>( \(line end added\))?[^\n]*\n[\s\S]*?^# <<< repose hook <<<\n/m

/** True if a script holds our block. */
export function hasBlock(script: string): boolean {
  return BLOCK.test(script)
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
  return script.replace(BLOCK, (_, before: string, added: string | undefined) => (added ? '' : before))
}
