import type { WrittenFolder } from '../../src/exports/write-folder.ts'
import { plural } from '../format.ts'
import type { Wire } from '../wire.ts'

/** A text on standard output, or as JSON with what else is known of it. */
export function printText(wire: Wire, format: string, text: string, more: object = {}): void {
  if (wire.flags.json) wire.printJson({ format, ...more, text })
  else if (text !== '') wire.printExact(text)
}

export function printFile(
  wire: Wire,
  format: string,
  file: string,
  state: 'written' | 'unchanged',
  more: object = {},
): void {
  if (wire.flags.json) wire.printJson({ format, file, state, ...more })
  else wire.print(state === 'written' ? `wrote ${file}` : `${file} is as it should be`)
}

export function printFolder(
  wire: Wire,
  format: string,
  folder: string,
  { written, removed, unchanged }: WrittenFolder,
): void {
  const gone = removed.length > 0 ? `, ${plural(removed.length, 'file')} removed` : ''
  if (wire.flags.json) wire.printJson({ format, folder, written, removed, unchanged })
  else wire.print(`${folder}: ${plural(written.length, 'file')} written${gone}, ${unchanged} unchanged`)
}
