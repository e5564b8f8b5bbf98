const TELLING =
  /\b(errors?|exceptions?|fail(ed|ure|s|ing)?|assert\w*|expected|received|actual|panic(ked)?|fatal|traceback|undefined reference|cannot find|not found)\b|error\[|Error:|^E\s{2,}|^not ok\b|[✗✘×✕]|^\s*●|:\d+:\d+/i
const ALL_WELL = /\b(0|no) (errors?|failures?|failed|failing)\b|^ok\b/i
const NOISE = /^\s*at .*(node_modules|node:internal|<anonymous>)|^\s*File ".*site-packages/

const BEFORE = 2
const AFTER = 6
const LINE_WIDTH = 300
const GAP = '...'

/**
 * The part of a failed check's output that explains the failure, in at most `limit` characters: lines around failure words, from the top,
 * and the last lines, where most tools print a summary. Without such words: the end.
 */
export function relevantOutput(output: string, limit = 3000): string {
  if (output.length <= limit) return output
  const lines = output
    .split('\n')
    .filter((line) => !NOISE.test(line))
    .map((line) => (line.length > LINE_WIDTH ? `${line.slice(0, LINE_WIDTH)}${GAP}` : line))
  const tail = lastLines(lines, Math.floor(limit / 4))
  const picked = new Set<number>()
  let room = limit - tail.text.length - 2 * (GAP.length + 1)
  for (let i = 0; i < tail.from; i++) {
    if (!TELLING.test(lines[i]!) || ALL_WELL.test(lines[i]!)) continue
    for (let at = Math.max(0, i - BEFORE); at <= Math.min(i + AFTER, tail.from - 1); at++) {
      if (picked.has(at)) continue
      const isNewPart = !picked.has(at - 1)
      const cost = lines[at]!.length + 1 + (isNewPart ? GAP.length + 1 : 0)
      if (cost > room) return assemble(lines, picked, tail, limit)
      room -= cost
      picked.add(at)
    }
  }
  return picked.size > 0 ? assemble(lines, picked, tail, limit) : lastLines(lines, limit).text
}

function lastLines(lines: readonly string[], limit: number): { from: number; text: string } {
  let from = lines.length
  for (let size = 0; from > 0; from--) {
    size += lines[from - 1]!.length + 1
    if (size > limit) break
  }
  return {
    from,
    text: from < lines.length ? lines.slice(from).join('\n') : (lines.at(-1) ?? '').slice(0, Math.max(0, limit)),
  }
}

function assemble(
  lines: readonly string[],
  picked: ReadonlySet<number>,
  tail: { from: number; text: string },
  limit: number,
): string {
  const shown: string[] = []
  let last = -1
  for (const at of [...picked].sort((a, b) => a - b)) {
    if (at !== last + 1) shown.push(GAP)
    shown.push(lines[at]!)
    last = at
  }
  if (last + 1 < tail.from) shown.push(GAP)
  return [...shown, tail.text].join('\n').slice(0, limit)
}
