import { UserError } from '../errors.ts'
import type { Language } from './languages/index.ts'
import { parseInPool } from './parse-pool.ts'
import { REPAIR } from './wasm-grammar.ts'

/**
 * Parses a short text in each language, in child processes: a damaged grammar may end its process, and all of them take 100 MB. Throws UserError
 * for the first language whose text is not parsed, and the signal's reason when aborted. About a second.
 */
export async function requireGrammars(languages: readonly Pick<Language, 'id'>[], signal: AbortSignal): Promise<void> {
  const jobs = languages.map(({ id }, key) => ({ key, path: '', language: id, blob: '', text: 'x' }))
  const problems: (string | null)[] = []
  await parseInPool(
    jobs,
    ({ key, problem, reason }) => {
      problems[key] = problem?.replace(/^\w*Error: /, '') ?? (reason && `${reason}: ${jobs[key]!.language}`)
    },
    { signal },
  )
  const first = problems.find((problem) => problem !== null)
  if (first) throw new UserError(first, REPAIR, { exitCode: 1 })
}
