import { createHash } from 'node:crypto'
import { UserError } from '../errors.ts'
import { writeFileIn } from './write-file.ts'

const SEAL = /^<!-- repose export: ([0-9a-f]{16}) -->\n\n/m

/**
 * Writes a whole file of Markdown with a digest of it in a comment, before its first section, so that an edit by hand is seen: then, and if
 * another program wrote it, it is only overwritten with `force`. Throws UserError.
 */
export function writeSealed(root: string, given: string, text: string, force: boolean): 'written' | 'unchanged' {
  return writeFileIn(root, given, (before) => {
    if (before !== null && before !== '' && !force && !isSealed(before.replaceAll('\r\n', '\n')))
      throw new UserError(
        `${given} was not written by this export, or edited since`,
        'name another file, or overwrite it with --force',
        { exitCode: 1 },
      )
    return sealed(text)
  })
}

function isSealed(file: string): boolean {
  return SEAL.exec(file)?.[1] === digest(file.replace(SEAL, ''))
}

function sealed(text: string): string {
  const seal = `<!-- repose export: ${digest(text)} -->\n\n`
  const at = text.search(/^## /m)
  return at < 0 ? `${text}\n${seal}`.replace(/\n+$/, '\n\n') : `${text.slice(0, at)}${seal}${text.slice(at)}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
