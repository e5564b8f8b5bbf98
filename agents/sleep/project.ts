import { readInTree } from '../../src/files/read-in-tree.ts'
import { findSecrets } from '../../src/secrets/find-secrets.ts'
import { visibleText } from '../../src/secrets/without-secrets.ts'
import type { Store } from '../../src/store/open-store.ts'
import { clipTokens } from '../../src/summary/clip-tokens.ts'
import { type ProjectFacts, projectFacts } from '../../src/summary/project-facts.ts'
import type { RepoPath } from '../../src/types.ts'
import { notSent } from './not-sent.ts'

const README_TOKENS = 700 // purpose and usage are at the top

/** What the project's root files state about it, without secrets. paths: files of the working tree. */
export function readProject(root: string, paths: readonly RepoPath[]): ProjectFacts {
  return factsOf(paths, (path) => readText(root, path))
}

function factsOf(paths: readonly RepoPath[], read: (path: RepoPath) => string | null): ProjectFacts {
  return projectFacts(
    paths.filter((path) => !path.includes('/')),
    read,
  )
}

/** The same as text for a model. Texts that seem to hold a secret are left out; `note` gets a line for each. */
export async function projectForModel(
  root: string,
  store: Store,
  worktree: number,
  note: (line: string) => void,
): Promise<string> {
  const paths = store.facts.readableFiles(worktree).map(({ path }) => path)
  const { name, description, commands, readme } = factsOf(paths, (path) => readWhole(root, path)) // scanned for secrets below
  const parts: string[] = []
  const addSafe = async (what: string, whole: string, shown: string) => {
    const found = await findSecrets(whole, what)
    if (found.length > 0) note(notSent(what, found))
    else if (shown) parts.push(shown)
  }
  const manifest = [name && `Project: ${name}`, description, ...commands].filter(Boolean).join('\n')
  await addSafe('the manifest', manifest, manifest)
  await addSafe('the README', readme ?? '', readme ? `README:\n${firstParagraphs(readme)}` : '')
  return parts.join('\n\n')
}

/** Text of a file of the working tree, without secrets; null if it is not text, or too large for this purpose. */
export function readText(root: string, path: RepoPath): string | null {
  const text = readWhole(root, path)
  return text === null ? null : visibleText(text)
}

function readWhole(root: string, path: RepoPath): string | null {
  return readInTree(root, path)
}

/** Whole paragraphs from the start, as many as fit. */
function firstParagraphs(text: string): string {
  const kept: string[] = []
  let characters = 0
  for (const paragraph of text.split('\n\n')) {
    characters += paragraph.length
    if (characters > README_TOKENS * 4) break
    kept.push(paragraph)
  }
  return kept.length > 0
    ? kept.join('\n\n')
    : clipTokens(text.replace(/\s+/g, ' ').slice(0, README_TOKENS * 8), README_TOKENS)
}
