import type { RepoPath } from './types.ts'

export type PathKind = 'source' | 'test' | 'doc' | 'other'

// All expressions here take linear time: a path of others may have thousands of characters. What looks back, does so at the end only.

const TEST_FOLDER =
  /(^|\/)(tests?|__tests__|__mocks__|__fixtures__|e2e|testdata|test-data|fixtures?|type-tests|test-d|testscripts?|cypress|regress|(runtime|integration|unit|functional|acceptance|smoke|system)[-_]tests?)\//i
const SPEC_FOLDER = /(^|\/)specs?\//i // tests in Ruby and JavaScript; a folder of a standard when it holds prose
// .NET: 'Shop.Tests/', 'UnitTests/'; Gradle: 'src/commonTest/'; Maven: 'src/it/'
const TEST_PROJECT = /(^|\/)([\w.-]*[a-z0-9.])?(Tests?|Specs)\/|(^|\/)src\/(it|jmh|testFixtures|[a-z]\w*Test)\//
const BENCH_FOLDER = /(^|\/)(bench(mark)?s?|benches|benchmarking)\//i
const TEST_FILE = anyOf(
  /[._-](tests?|bench|e2e|test-d)\.(?!go$)[a-z]+$|[._-]specs?\.(?!(go|pyi?|rs)$)[a-z]+$/, // 'cart.test.ts', but not 'env_spec.py'
  /_test\.(go|py|rs|rb)$|(^|\/)test_[^/]*\.(pyi?|rb|c|cc|cpp|sh)$|(^|\/)conftest\.pyi?$/,
  /Tests?\.(java|kt|cs|scala|php|swift|cpp|cc)$/,
  /(^|\/)(tests|(?<!\b(commands?|cmds?|cli|tasks|actions)\/)test)\.([cm]?[jt]sx?|pyi?|rs|rb|php|c|cc|cpp|lua|sh)$/, // 'test.js', unless it implements a command
)
const DOC_FOLDER =
  /^(.*\/)?(docs?([-_](src|examples?|samples?|snippets?|code))?|documentation|website|www|examples?|demos?|samples?|playgrounds?)\/|^sandbox\//i
const NEWS_FOLDER = /(^|\/)(changelogs?|news|newsfragments|\.changeset)\//i // fragments of a changelog; if it holds code, it is part of the program
const DOC_FILE =
  /\.(md|mdx|markdown|rst|adoc|asciidoc|org|rdoc|textile|txt)$|\.[1-8]$(?<=[a-z][\w-]*\..)|(^|\/)(readme(\.[\w-]+)?|changes|changelog|history|news|contributing|authors)$/i
const DATA_FILE =
  /\.txt$(?<=requirements[^/]*)|(^|\/)(constraints|CMakeLists)\.txt$|(^|\/)(?!(readme|changes|changelog|history|news|licen[cs]e|notice|authors)\b)[^/]*\.txt$(?<=(^|\/)src\/.*)/i
const DOC_SET = /(^|\/)src\/(site|[\w-]+-examples)\// // Maven
const PACKAGE_CALLED_DOC = /(^|\/)docs?\/(?=[^/]+\.(go|rs)$)/i
// Code in any language, also in those that are not parsed. Of shell scripts only sh and bash count; scripts of other shells and of editors
// are mostly completions, which come with a feature.
const CODE =
  /\.([cm]?[jt]sx?|vue|svelte|astro|pyi?|go|rs|java|kts?|groovy|scala|sc|rb|rake|gemspec|php|[ch]|cc|cpp|cxx|c\+\+|hpp|hh|hxx|h\+\+|ipp|inl|tpp|mm?|cu|cs|fsx?|vb|swift|dart|exs?|erl|hrl|gleam|hs|elm|purs|mli?|clj[cs]?|lua|jl|r|zig|nim|cr|pl|pm|sh|bash|sol|f90)$/i
const OF_CI = /^\.(github|circleci|gitlab)\//

const REMEMBERED = 50_000 // paths
const kinds = new Map<RepoPath, PathKind>()

/** The purpose of a path, judged by names that most repositories use. 'other' is configuration, data, styles, markup. */
export function kindOfPath(path: RepoPath): PathKind {
  const known = kinds.get(path)
  if (known) return known
  if (kinds.size >= REMEMBERED) kinds.clear()
  const kind = readKind(path)
  kinds.set(path, kind)
  return kind
}

function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'))
}

/** True for the program's own code. */
export function isSource(path: RepoPath): boolean {
  return kindOfPath(path) === 'source'
}

function readKind(path: RepoPath): PathKind {
  const isCode = CODE.test(path)
  const isProse = !isCode && DOC_FILE.test(path) && !DATA_FILE.test(path)
  const isTestFile = !isProse && !OF_CI.test(path) && TEST_FILE.test(path)
  const isSpec = !isProse && SPEC_FOLDER.test(path)
  if (TEST_FOLDER.test(path) || TEST_PROJECT.test(path) || isSpec || isTestFile) return 'test'
  // Below a source root, 'examples' and the like are parts of the program.
  const folders = path.replace(PACKAGE_CALLED_DOC, '$1')
  const root = folders.search(/(^|\/)src\//)
  const above = root >= 0 ? folders.slice(0, root + 1) : folders
  if (isProse || DOC_FOLDER.test(above) || DOC_SET.test(path) || (NEWS_FOLDER.test(above) && !isCode)) return 'doc'
  if (BENCH_FOLDER.test(above)) return 'test'
  return isCode ? 'source' : 'other'
}

/** The folder of a path with its slash: 'src/' for 'src/a.ts', '' for a file in the root. */
export function folderStart(path: RepoPath): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

/** The folders that a path lies in, the highest first; the top folder is none of them. */
export function foldersAbove(path: RepoPath): readonly RepoPath[] {
  const folders: RepoPath[] = []
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at))
  return folders
}

const TEST_DATA = /(^|\/)(testdata|test-data|fixtures?|__fixtures__|__snapshots__)\//i
const TESTS = /(^|\/)(tests?|__tests__|specs?|e2e)\//i
const DATA_OF_TESTS = /\/(data|cases|samples|snapshots|golden)\//i

/** True for files that tests read but that are no tests, such as tests/data/cases/unclosed.py. Their code may be wrong on purpose. */
export function isTestData(path: RepoPath): boolean {
  const tests = TESTS.exec(path)
  const isData = TEST_DATA.test(path) || (tests && DATA_OF_TESTS.test(path.slice(tests.index + tests[0].length - 1)))
  return isData === true && !TEST_FILE.test(path)
}

/**
 * A path as it is shown in a text. It is written as quoted JSON if it holds control characters, backslashes or backticks, or begins or ends
 * with a quote: such a path could break its line or be misread.
 */
export function shownPath(path: RepoPath): string {
  return /[\u0000-\u001f\u007f`\\]|^["']|["']$/.test(path) ? JSON.stringify(path) : path
}
