/** Position of the line on which a statement ends that begins at `from`, by its brackets and trailing '\'. */
export function statementEnd(lines: readonly string[], from: number): number {
  let open = 0
  for (let at = from; at < lines.length; at++) {
    const line = lines[at]!.replace(/"[^"]*"|'[^']*'/g, '').replace(/(\/\/|#\s)[^\n]*$/, '')
    open += (line.match(/[([{]/g)?.length ?? 0) - (line.match(/[)\]}]/g)?.length ?? 0)
    if (open <= 0 && !line.endsWith('\\')) return at
  }
  return from
}
