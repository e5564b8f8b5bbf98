import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A definition, or a section of a document, that answers a question, with all of its lines. */
export interface KnownAnswer {
  readonly path: string
  readonly symbol?: string
  readonly first: number
  readonly last: number
}

export const LEVELS = ['whole', 'part', 'file', 'none'] as const
export type Level = (typeof LEVELS)[number]

const ABOVE = 3 // lines: decorators and the like are above a definition
const FEW = 3 // lines that show a part

/** How much of an answer a text shows; of alternatives, the one shown best. root: the working tree of the answers. */
export function levelShown(alternatives: readonly KnownAnswer[], root: string, text: string): Level {
  const levels = alternatives.map((answer) => levelOf(answer, root, text))
  return LEVELS.find((level) => levels.includes(level))!
}

function levelOf({ path, first, last }: KnownAnswer, root: string, text: string): Level {
  const shown = text.split('\n').map(withoutNumber)
  const lines = readFileSync(join(root, path), 'utf8')
    .split(/\r?\n/)
    .slice(first - 1, last)
    .join('\n')
    .trim()
    .split('\n')
  const places = shown.flatMap((line, at) => (line.trim() === lines[0]!.trim() ? [at] : []))
  const run = (at: number, from: number) => {
    let length = 0
    while (from + length < lines.length && shown[at + length]?.trim() === lines[from + length]!.trim()) length++
    return length
  }
  if (places.some((at) => run(at, 0) === lines.length)) return 'whole'
  if (!isNamed(path, text)) return 'none'
  const isIn = (line: number) => line >= first - ABOVE && line <= last
  const isPlace = [...text.matchAll(/(\S+):(\d+)/g)].some(([, at, line]) => at === path && isIn(Number(line)))
  const telling = lines.map((line, from) => ({ line, from })).filter(({ line }) => line.trim().length > 12)
  const isPart = telling.some(({ line, from }) =>
    shown.some((one, at) => one.trim() === line.trim() && run(at, from) >= FEW),
  )
  return isPlace || isPart || outlined(path, text).some(isIn) ? 'part' : 'file'
}

function isNamed(path: string, text: string): boolean {
  const at = (from: number): boolean => {
    const found = text.indexOf(path, from)
    if (found < 0) return false
    const isBounded = !/[\w./-]/.test(text[found - 1] ?? '') && !/[\w/-]/.test(text[found + path.length] ?? '')
    return isBounded || at(found + 1)
  }
  return at(0)
}

/** First lines of the definitions in the list below a heading of the file: '12-40 function parse(...)'. */
function outlined(path: string, text: string): readonly number[] {
  let current = ''
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('## ')) current = line
    const isOfFile = current.startsWith(`## ${path}`) && !/^[\w./-]/.test(current.slice(3 + path.length))
    return isOfFile && /^\d+(-\d+)? /.test(line) ? [Number.parseInt(line, 10)] : []
  })
}

function withoutNumber(line: string): string {
  return line.replace(/^ *\d+(?:\t| \| ?)/, '')
}
