import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { parseSource } from '../../src/parse/parse-source.ts'
import { annotate } from './annotate.ts'

export interface Golden {
  /** Name of the input, with its ending. */
  readonly name: string
  readonly text: string
  readonly expectedPath: string
  /** '' when nothing has been accepted yet. */
  readonly expected: string
  readonly actual: string
}

/** The input of a language in fixtures/languages/<id>, what the parser finds in it, and what was accepted last. */
export function goldenOf(id: string): Golden {
  const folder = join(PACKAGE_ROOT, 'fixtures/languages', id)
  const name = readdirSync(folder).find((file) => file.startsWith('input.'))
  if (!name) throw new Error(`${folder} has no input file`)
  const text = readFileSync(join(folder, name), 'utf8')
  const expectedPath = join(folder, 'expected.txt')
  const expected = existsSync(expectedPath) ? readFileSync(expectedPath, 'utf8') : ''
  return {
    ...{ name, text, expectedPath, expected },
    get actual() {
      return annotate(text, parseSource(text, id))
    },
  }
}
