import { posix } from 'node:path'
import type { RepoPath } from '../types.ts'
import { decidedByName } from './deciding-names.ts'
import { changedKeys, changedTables } from './manifest-changes.ts'

/** Files that decide which programs a check runs, by patterns of paths; the first match counts. deciding-names.ts lists more, by name. */
const KINDS: readonly { readonly what: string; readonly paths: RegExp }[] = [
  {
    what: 'a lock file',
    paths:
      /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|Cargo\.lock|go\.sum|Gemfile\.lock|composer\.lock|mix\.lock|packages\.lock\.json|gradle\.lockfile|Package\.resolved|flake\.lock)$/,
  },
  {
    what: 'what a package manager installs and runs',
    paths:
      /(^|\/)(pnpm-workspace\.yaml|lerna\.json|nx\.json|turbo\.json|deno\.jsonc?|bunfig\.toml|requirements[^/]*\.(txt|in)|constraints[^/]*\.txt|setup\.(py|cfg)|Pipfile|environment\.ya?ml|go\.(mod|work)|Gemfile|[^/]+\.gemspec|composer\.json|pom\.xml|[^/]+\.gradle(\.kts)?|gradle\.properties|gradlew(\.bat)?|mvnw(\.cmd)?|[^/]+\.sbt|[^/]+\.(cs|fs|vb)proj|[^/]+\.sln|Directory\.[^/]+\.(props|targets)|nuget\.config|global\.json|mix\.exs|rebar\.config|Package\.swift|Podfile|flake\.nix|shell\.nix)$|(^|\/)(gradle|project)\/.*\.(jar|properties|sbt|scala|toml)$/i,
  },
  {
    what: 'what a build runs',
    paths:
      /(^|\/)((GNU)?makefile|[^/]+\.mk|CMakeLists\.txt|CMakePresets\.json|[^/]+\.cmake|meson\.build|configure(\.ac)?|SConstruct|justfile|Taskfile\.ya?ml|Rakefile|[^/]+\.rake|build\.(rs|zig)|BUILD(\.bazel)?|WORKSPACE(\.bazel)?|MODULE\.bazel|[^/]+\.bzl|Earthfile|(Docker|Container)file[^/]*|(docker-)?compose[^/]*\.ya?ml|Vagrantfile|Procfile|tasks\.py|fabfile\.py|noxfile\.py|dodo\.py)$/i,
  },
  {
    what: 'how tests are run',
    paths:
      /(^|\/)(conftest\.py|pytest\.ini|tox\.ini|sitecustomize\.py|usercustomize\.py|[^/]+\.pth|phpunit\.xml(\.dist)?|[^/]+\.(config|conf|setup|workspace|preset)\.([cm]?[jt]s|json)|(gulp|grunt|jake)file[^/]*\.[cm]?[jt]s|spec_helper\.rb|rails_helper\.rb|test_helper\.rb)$/i,
  },
  {
    what: 'what runs for changes elsewhere (CI)',
    paths:
      /(^|\/)(azure-pipelines|appveyor|bitbucket-pipelines|cloudbuild|lefthook)[^/]*\.ya?ml$|(^|\/)Jenkinsfile|^ci\//i,
  },
  { what: 'a script', paths: /\.(sh|bash|zsh|fish|ps1|bat|cmd)$|^(scripts?|tools)\//i },
  { what: 'what repose runs', paths: /(^|\/)repose\.config\.json$/ },
]

/** Dot files that do not make any tool run a program. */
const HARMLESS_DOTS =
  /(^|\/)(\.(git|docker|npm|prettier|eslint|vscode|helm)ignore|\.ignore|\.reposeignore|\.editorconfig|\.gitkeep|\.keep|\.mailmap|\.changeset\/[^/]+\.md|\.github\/[^/]+\.md|\.github\/ISSUE_TEMPLATE\/.*)$/

/**
 * Why an edit of a file may change which programs a check runs, in words; null: it cannot, beyond what any source file can.
 *
 * before, after: its text; null if it does not exist. commands: the checks. In a manifest only some parts count.
 */
export function decidesChecks(
  path: RepoPath,
  before: string | null,
  after: string | null,
  commands: readonly string[],
): string | null {
  const parts = MANIFESTS.get(posix.basename(path).toLowerCase())?.(before, after)
  if (parts === null) return 'a manifest that is gone or cannot be read'
  if (parts) return parts.length > 0 ? parts.join(', ') : null
  const words = commands
    .flatMap((command) => command.split(/[\s"'`;&|()<>=]+/))
    .map((word) => posix.normalize(word || '.'))
  if (words.includes(path)) return 'a check names it'
  const kind = KINDS.find(({ paths }) => paths.test(path))
  if (kind) return kind.what
  const named = decidedByName(path)
  if (named) return named
  return /(^|\/)\.[^/]/.test(path) && !HARMLESS_DOTS.test(path) ? 'a dot file of a tool' : null
}

/** Keys of package.json that describe the package or list its files. Scripts, dependencies and tool settings do decide. */
const HARMLESS_KEYS: readonly string[] = [
  'name version description keywords homepage bugs license author contributors maintainers funding repository',
  'files main module type browser types typings typesVersions exports imports bin man directories private sideEffects publishConfig',
].flatMap((line) => line.split(' '))

const HARMLESS_PYTHON =
  /^(project\.(urls|authors|maintainers)|tool\.(black|isort|bumpversion|commitizen|towncrier)(\..*)?)$/
const HARMLESS_RUST = /^(features|\[?(bin|example|test|bench)\]?|lib|badges|profile\..*)$/

/** Changed parts of a manifest that decide which programs run; null: it was deleted or cannot be read. */
const MANIFESTS = new Map<string, (before: string | null, after: string | null) => readonly string[] | null>([
  ['package.json', (before, after) => changedKeys(before, after, HARMLESS_KEYS)],
  ['pyproject.toml', (before, after) => changedTables(before, after, HARMLESS_PYTHON, 'project')],
  ['cargo.toml', (before, after) => changedTables(before, after, HARMLESS_RUST, 'package')],
])
