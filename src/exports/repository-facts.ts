import { type FoundChecks, findChecks } from '../checks/find-checks.ts'
import { isInstalled } from '../checks/find-program.ts'
import { readInTree } from '../files/read-in-tree.ts'
import { isSource, isTestData } from '../paths.ts'
import type { Recipe } from '../recipe.ts'
import type { Repo } from '../repo/open-repo.ts'
import { visibleText } from '../secrets/without-secrets.ts'
import type { Store } from '../store/open-store.ts'
import { NO_MODEL } from '../summary/from-facts.ts'
import { FILE, type FileBody } from '../summary/kinds/file.ts'
import { MODULE, type ModuleBody } from '../summary/kinds/module.ts'
import { REPOSITORY, type RepositoryBody } from '../summary/kinds/repository.ts'
import { clipWords, ownWords } from '../summary/own-words.ts'
import { type ProjectFacts, projectFacts } from '../summary/project-facts.ts'
import { hasShape } from '../summary/summary-kind.ts'
import type { RepoPath } from '../types.ts'

export interface ExportInput {
  readonly repo: Repo
  readonly store: Store
  /** From refreshFacts: the facts are up to date. */
  readonly worktree: number
}

export type KnownFile = ReturnType<Store['facts']['readableFiles']>[number]

/** What exports say of a repository. Without a summary of a model, its authors' words count. */
export interface RepositoryFacts {
  readonly project: ProjectFacts
  /** Its name by a manifest or by the first heading of its README; never that of the folder, which is the user's. */
  readonly name: string
  /** What it is for; '': nobody says. */
  readonly says: string
  /** All paths that git tracks or would track, without those of earlier exports. */
  readonly paths: readonly RepoPath[]
  /** Files with code, and no data of tests. */
  readonly code: readonly KnownFile[]
  /** Those of the program itself. */
  readonly sources: readonly KnownFile[]
  /** Text of a file, without secrets; null: it cannot be read. */
  read(path: RepoPath): string | null
  /** What a model wrote of a subject; null: nothing. */
  fileBody(path: RepoPath): FileBody | null
  folderBody(folder: string): ModuleBody | null
  readonly repositoryBody: RepositoryBody | null
  /** What a folder ('src/') is for, in at most `words` words; '': nobody says. */
  folderSays(folder: string, words: number): string
  /** The same of a file. */
  fileSays(path: RepoPath, words: number): string
  /** How many files import a file. */
  importers(path: RepoPath): number
  /** Recipes that hold here, the one with most past commits first, the habit last. */
  readonly recipes: readonly Recipe[]
  /** Commands that build and test it. The same on every machine: nothing is asked of this one. */
  checks(): FoundChecks
}

/** Its presence marks a folder that an export wrote (write-folder.ts). */
export const MANIFEST = '.repose-export.json'

/** Collects what exports need. Reads the README, the manifest, and lazily what else is asked for. besides: paths to leave out as well. */
export function repositoryFacts(
  { repo, store, worktree }: ExportInput,
  besides: readonly string[] = [],
): RepositoryFacts {
  const listed = store.facts.files(worktree).map(({ path }) => path)
  const made = listed.filter((path) => path === MANIFEST || path.endsWith(`/${MANIFEST}`))
  const out = [...besides, ...made.map((path) => path.slice(0, -MANIFEST.length)).filter(Boolean)]
  const isOwn = (path: RepoPath) => out.some((one) => (one.endsWith('/') ? path.startsWith(one) : path === one))
  const paths = listed.filter((path) => !isOwn(path)).sort(compare)
  const files = store.facts.readableFiles(worktree).filter(({ path }) => !isOwn(path))
  const byPath = new Map(files.map((file) => [file.path, file]))
  const code = files
    .filter(({ path, language }) => language !== '' && !isTestData(path))
    .sort((a, b) => compare(a.path, b.path))
  const read = (path: RepoPath) => {
    const text = byPath.has(path) ? readInTree(repo.root, path) : null
    return text === null ? null : visibleText(text)
  }
  const project = projectFacts(
    files.map(({ path }) => path).filter((path) => !path.includes('/')),
    read,
  )
  const body = <Body extends object>(
    subject: string,
    kind: { readonly id: string; readonly empty: Body },
  ): Body | null => {
    const row = store.summaries.latest(subject, kind.id)
    return row && row.model !== NO_MODEL && hasShape(kind.empty, row.body) ? row.body : null
  }
  const repositoryBody = body('.', REPOSITORY)
  const folderBody = (folder: string) => body(folder, MODULE)
  const fileBody = (path: RepoPath) => body(path, FILE)
  let uses: ReadonlyMap<number, number> | null = null
  const miner = store.recipes.holdingIn(worktree)
  return {
    project,
    name: project.name || titleOf(project.readme ?? '') || 'This repository',
    says: repositoryBody?.purpose || clipWords(project.description || ownWords(project.readme, 45), 45),
    paths,
    code,
    sources: code.filter(({ path }) => isSource(path)),
    read,
    fileBody,
    folderBody,
    repositoryBody,
    folderSays: (folder, words) =>
      clipWords(folderBody(folder)?.purpose || ownFolderWords(folder, byPath, read, words), words),
    fileSays: (path, words) =>
      clipWords(fileBody(path)?.purpose || ownWords(byPath.get(path)?.doc ?? null, words), words),
    importers(path) {
      uses ??= store.facts.importerCounts(worktree)
      return uses.get(byPath.get(path)?.id ?? -1) ?? 0
    },
    recipes: miner === null ? [] : holding(store.recipes.all(miner), new Set(paths)),
    // for other machines, too: a program by its name counts as installed, one by its path (.venv/bin/python) only if it is there
    checks: () => findChecks(repo.root, paths, (name) => !/[/\\]/.test(name) || isInstalled(name, repo.root)),
  }
}

const STANDS_FOR_FOLDER = [
  'index.ts',
  'index.js',
  'index.mjs',
  'index.tsx',
  '__init__.py',
  'mod.rs',
  'lib.rs',
  'doc.go',
  'package-info.java',
]

const FEWEST_WORDS = 3

/** The first sentence of a folder's README, or of the comment on the file that stands for it. */
function ownFolderWords(
  folder: string,
  files: ReadonlyMap<RepoPath, KnownFile>,
  read: RepositoryFacts['read'],
  words: number,
): string {
  for (const name of ['README.md', 'readme.md']) {
    const text = files.has(folder + name) ? read(folder + name) : null
    const said = text === null ? '' : ownWords(projectFacts([name], () => text).readme, words)
    if (said.split(' ').length >= FEWEST_WORDS) return said // less is a name
  }
  const index = STANDS_FOR_FOLDER.map((name) => files.get(folder + name)).find((file) => file?.doc)
  return ownWords(index?.doc ?? null, words)
}

const LONGEST_TITLE = 40 // characters

/** The first heading of a README, or its first line if that is no sentence; '': neither. */
function titleOf(readme: string): string {
  const first =
    readme
      .split('\n')
      .find((line) => /\p{L}/u.test(line))
      ?.trim() ?? ''
  return (
    /^#\s+(.+)$/m.exec(readme)?.[1]?.trim() ?? (first.length <= LONGEST_TITLE && !/[.:!?]$/.test(first) ? first : '')
  )
}

const BORNE_OUT = 2 / 3 // share of the commits that took a step
const FEWEST = 2 // steps; one alone is known from the file that is changed

/** Recipes with the steps that most of their commits took and whose files exist. */
function holding(recipes: readonly Recipe[], paths: ReadonlySet<RepoPath>): Recipe[] {
  return recipes
    .map((recipe) => ({
      ...recipe,
      steps: recipe.steps.filter(
        ({ held, isPattern, place, model, kind }) =>
          held >= BORNE_OUT * recipe.commits.length &&
          (isPattern ? (model !== null && paths.has(model)) || kind === 'changelog' : paths.has(place)),
      ),
    }))
    .filter(({ steps }) => steps.length >= FEWEST)
    .sort(
      (a, b) =>
        Number(a.by === 'habit') - Number(b.by === 'habit') ||
        b.commits.length - a.commits.length ||
        compare(a.name, b.name),
    )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
