import { styleText } from 'node:util'

/** Adds colours to text that is free of control characters. */
export type Paint = (text: string) => string

export const plain: Paint = (text) => text
export const bold = paintWith('bold')
export const dim = paintWith('dim')
export const red = paintWith('red')
export const green = paintWith('green')
export const yellow = paintWith('yellow')
export const cyan = paintWith('cyan')

/** Paints each line by itself. */
export function eachLine(paint: Paint): Paint {
  return (text) => text.split('\n').map(paint).join('\n')
}

/** colours-wanted.ts decides about colours before anything is painted. */
function paintWith(format: Parameters<typeof styleText>[0]): Paint {
  return (text) => (text === '' ? '' : styleText(format, text, { validateStream: false }))
}
