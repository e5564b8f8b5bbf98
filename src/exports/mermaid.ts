export interface Diagram {
  /** Labels by their keys, in the order in which they are drawn. */
  readonly nodes: ReadonlyMap<string, string>
  /** From key to key, with the number of imports. Keys that `nodes` lacks are left out. */
  readonly edges: readonly { readonly from: string; readonly to: string; readonly times: number }[]
}

const MOST_EDGES = 60

/** A flowchart as a fenced block of Mermaid; '' without an edge. Labels are data: every character that Mermaid could read is encoded. */
export function mermaid({ nodes, edges }: Diagram): string {
  const ids = new Map([...nodes.keys()].map((key, i) => [key, `n${i}`]))
  const drawn = edges
    .filter(({ from, to }) => from !== to && ids.has(from) && ids.has(to))
    .sort((a, b) => b.times - a.times || compare(a.from, b.from) || compare(a.to, b.to))
    .slice(0, MOST_EDGES)
  if (drawn.length === 0) return ''
  const used = new Set(drawn.flatMap(({ from, to }) => [from, to]))
  const boxes = [...nodes]
    .filter(([key]) => used.has(key))
    .map(([key, label]) => `  ${ids.get(key)}["${encoded(label)}"]`)
  const arrows = drawn.map(
    ({ from, to, times }) => `  ${ids.get(from)} -->${times > 1 ? `|${times}|` : ''} ${ids.get(to)}`,
  )
  return ['```mermaid', 'flowchart LR', ...boxes, ...arrows, '```'].join('\n')
}

function encoded(label: string): string {
  return [...label].map((one) => (/[\p{L}\p{N} ./_-]/u.test(one) ? one : `#${one.codePointAt(0)};`)).join('')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
