/**
 * Toolchain folders in the home folder that are readable. A folder that also holds keys, such as ~/.cargo (credentials.toml), is listed
 * only in part.
 */
export const TOOLS: readonly string[] = [
  '.asdf',
  '.bun/bin',
  '.cargo/bin',
  '.deno/bin',
  '.dotnet',
  '.elan',
  '.fnm',
  '.ghcup',
  '.goenv',
  '.jenv',
  '.juliaup',
  '.local/bin',
  '.local/lib',
  '.local/share/fnm',
  '.local/share/mise',
  '.local/share/pipx',
  '.local/share/rtx',
  '.local/share/uv/python',
  '.local/share/uv/tools',
  '.local/share/virtualenvs',
  '.local/state/nix/profiles',
  '.nix-profile',
  '.nodenv',
  '.nvm',
  '.opam',
  '.phpenv',
  '.plenv',
  '.pyenv',
  '.rbenv',
  '.rustup',
  '.rvm',
  '.sdkman/candidates',
  '.swiftly',
  '.volta',
  'go/bin',
]

/** Where toolchains keep their installations, each of which may have settings of its own. */
export const INSTALLATIONS: readonly string[] = [
  '.asdf/installs/*/*',
  '.cache/pypoetry/virtualenvs/*',
  '.fnm/node-versions/*/installation',
  '.local/share/fnm/node-versions/*/installation',
  '.local/share/mise/installs/*/*',
  '.local/share/pipx/shared',
  '.local/share/pipx/venvs/*',
  '.local/share/rtx/installs/*/*',
  '.local/share/uv/python/*',
  '.local/share/uv/tools/*',
  '.local/share/virtualenvs/*',
  '.nodenv/versions/*',
  '.nvm/versions/*/*',
  '.pyenv/versions/*',
  '.sdkman/candidates/*/*',
  '.volta/tools/image/*/*',
]

/** Build settings in the home folder, shown without passwords. */
export const SETTINGS: readonly string[] = [
  '.cargo/config.toml',
  '.cargo/config',
  '.gradle/gradle.properties',
  '.config/go/env',
  '.tool-versions',
]

/** A package cache, in the home folder or at the variable's path. Only `parts` of it, if the rest holds keys. */
interface Cache {
  readonly home: string
  readonly variable?: string
  readonly parts?: readonly string[]
  /** Variables that redirect writes if the cage has no layers. */
  readonly writes?: Readonly<Record<string, string>>
}

export const CACHES: readonly Cache[] = [
  { home: '.npm', variable: 'npm_config_cache', parts: ['_cacache', '_npx'], writes: { npm_config_cache: '/tmp/npm' } },
  { home: '.cargo', variable: 'CARGO_HOME', parts: ['registry', 'git'] },
  { home: 'go', variable: 'GOPATH', parts: ['pkg'], writes: { GOCACHE: '/tmp/go-build' } },
  { home: '.m2', parts: ['repository', 'wrapper'] },
  { home: '.gradle', variable: 'GRADLE_USER_HOME', parts: ['caches', 'wrapper', 'native', 'jdks'] },
  { home: '.ivy2', parts: ['cache', 'local'] },
  { home: '.sbt', parts: ['boot', 'launchers'] },
  { home: '.nuget/packages', variable: 'NUGET_PACKAGES' },
  { home: '.gem', parts: ['ruby'] },
  { home: '.bundle', parts: ['cache', 'ruby'] },
  { home: '.composer/cache' },
  { home: '.bun/install/cache' },
  { home: '.yarn/berry', parts: ['cache', 'index', 'metadata'] },
  { home: '.local/share/pnpm', variable: 'PNPM_HOME' },
  { home: '.local/share/gem', parts: ['ruby'] },
  { home: '.pub-cache', variable: 'PUB_CACHE', parts: ['hosted', 'git'] },
  { home: '.hex', parts: ['packages', 'cache.ets'] },
  { home: '.mix', parts: ['archives', 'elixir'] },
  { home: '.cabal', parts: ['packages', 'store'] },
  { home: '.stack', parts: ['pantry', 'programs', 'snapshots'] },
  { home: '.julia', parts: ['packages', 'artifacts', 'compiled', 'registries'] },
  { home: '.ccache', variable: 'CCACHE_DIR' },
]

/** Such folders in ~/.cache, which holds other things too. */
export const IN_CACHE: readonly string[] = [
  'bazel',
  'bazelisk',
  'biome',
  'black',
  'ccache',
  'composer',
  'coursier',
  'Cypress',
  'deno',
  'electron',
  'go-build',
  'golangci-lint',
  'ms-playwright',
  'mypy',
  'node',
  'node-gyp',
  'pdm',
  'pip',
  'pnpm',
  'pre-commit',
  'prisma',
  'puppeteer',
  'pypoetry',
  'ruff',
  'sccache',
  'turbo',
  'typescript',
  'uv',
  'yarn',
  'zig',
]
