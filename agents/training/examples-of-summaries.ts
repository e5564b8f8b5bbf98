import type { ExportInput } from '../../src/exports/repository-facts.ts'
import { FILE } from '../../src/summary/kinds/file.ts'
import { showFile } from '../../src/summary/show-file.ts'
import { fileSourceHash } from '../../src/summary/source-hash.ts'
import { hasShape } from '../../src/summary/summary-kind.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import { messagesFor } from '../sleep/ask-summary.ts'
import { fileText } from '../sleep/file-text.ts'
import { fileContent } from '../sleep/think-files.ts'
import type { Example } from './example.ts'

/** Files as a pass shows them, with what a model wrote of exactly this text, by path. */
export async function* examplesOfSummaries({ repo, store, worktree }: ExportInput): AsyncGenerator<Example> {
  for (const { path, blob, language, source } of store.facts.readableFiles(worktree)) {
    const row = store.summaries.freshFromModel('file', fileSourceHash(blob, language))
    if (!row || !hasShape(FILE.empty, row.body)) continue
    const text = await fileText(repo.root, path, blob)
    if (text === null) continue
    const content = fileContent(showFile(text, store.facts.symbolsOf(source), countTokens), language)
    const reply = JSON.stringify(row.body)
    yield {
      kind: 'summary',
      messages: [...messagesFor({ kind: FILE, content }), { role: 'assistant', content: reply }],
    }
  }
}
