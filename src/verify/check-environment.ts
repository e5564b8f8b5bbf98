import { isAbsolute } from 'node:path'
import { absoluteLibraries } from '../processes/own-environment.ts'
import { quoteForShell } from '../processes/quote-for-shell.ts'
import { areClean } from '../secrets/without-secrets.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Variables that a check gets: locations of programs, the language, and settings of toolchains. */
const ALLOWED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|JAVA_\w+|JDK_\w+|GO(ROOT|PATH|BIN|CACHE|MODCACHE|FLAGS|OS|ARCH|ARM|PROXY|PRIVATE|NOPROXY|SUMDB|NOSUMDB|TOOLCHAIN|WORK|GC|MAXPROCS|MEMLIMIT|DEBUG|EXPERIMENT|111MODULE)|CGO_\w+|NVM_\w+|NODE_(ENV|PATH|EXTRA_CA_CERTS)|VOLTA_\w+|FNM_\w+|N_PREFIX|npm_config_\w+|PNPM_HOME|YARN_\w+|BUN_\w+|DENO_\w+|PYENV_\w+|PYTHON\w*|VIRTUAL_ENV|CONDA_\w+|PIP_\w+|PIPENV_\w+|POETRY_\w+|PDM_\w+|UV_\w+|HATCH_\w+|RUST\w*|CARGO_\w+|GEM_\w+|BUNDLE_(PATH|GEMFILE|WITH|WITHOUT|JOBS|FROZEN|DEPLOYMENT)|RBENV_\w+|RUBY\w*|GRADLE_\w+|KOTLIN_\w+|MAVEN_\w+|M2_HOME|MVN_\w+|SBT_\w+|ANDROID_\w+|DOTNET_\w+|NUGET_PACKAGES|MSBUILD\w*|ASDF_\w+|MISE_\w+|SDKMAN_\w+|GHCUP_\w+|OPAM\w*|MIX_\w+|HEX_HOME|PUB_CACHE|FLUTTER_ROOT|SWIFT\w*|SDKROOT|DEVELOPER_DIR|MACOSX_DEPLOYMENT_TARGET|HOMEBREW_(PREFIX|CELLAR|REPOSITORY)|NIX_\w+|CC|CXX|CPP|LD|AR|AS|NM|RANLIB|STRIP|\w*FLAGS|PKG_CONFIG\w*|LD_LIBRARY_PATH|LIBRARY_PATH|CPATH|C_INCLUDE_PATH|CPLUS_INCLUDE_PATH|CMAKE_\w+|CCACHE_\w+|MAKE|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|XDG_(CACHE|DATA)_HOME)$/i

/** Without these, programs on Windows do not start. */
const OF_WINDOWS =
  /^(SystemRoot|SystemDrive|windir|ComSpec|PATHEXT|TEMP|TMP|USERPROFILE|APPDATA|LOCALAPPDATA|ProgramFiles.*|ProgramW6432|CommonProgramFiles.*|ProgramData|ALLUSERSPROFILE|PUBLIC|OS|NUMBER_OF_PROCESSORS|PROCESSOR_\w+|COMPUTERNAME|HOMEDRIVE|HOMEPATH|USERNAME|USERDOMAIN)$/i

/** Also names of users: package managers take a token for one. */
const SECRET = /KEY|TOKEN|SECRET|PASS|PHRASE|PWD|CRED|AUTH|COOKIE|USERCONFIG|_(PAT|PW|USERNAME|OTP|OTP_CODE)(_|$)/i
const HAS_PASSWORD = // an address with a password: https://user:password@host
  /:\/\/[^/\s@]*@|(pass\w{0,100}|phrase|pwd|\bpw|tokens?|secret|api_?key|credentials?)["']?\s*[=:]|\bbearer\s/i
/** Options with which a debugger or an editor loads its own code. */
const LOADS = /(^|\s)--?(require|import|loader|experimental-loader|inspect\S*|r)(=|\s|$)/

/**
 * The environment of a check: variables of `base` that are known to be harmless and useful, those that the user named, and settings for a
 * run without terminal and colours. A check runs code that a model wrote. named: names that count even if they look like a secret's.
 */
export function checkEnvironment(base: Environment, named: readonly string[] = []): Record<string, string> {
  const env = chosen(base, named)
  // what starts the cage must not load libraries from the worktree, nor from the repository
  return { ...env, ...absoluteLibraries(env), CI: '1', NO_COLOR: '1' }
}

/** A check's command with the library paths of the repository set for it alone, not for the shell and the cage around it. */
export function withLibraries(command: string, base: Environment, named: readonly string[] = []): string {
  const env = chosen(base, named)
  const outside = absoluteLibraries(env)
  const more = Object.entries(absoluteLibraries(env, isAbsolute)).filter(([name, value]) => value !== outside[name])
  return [...more.map(([name, value]) => `export ${name}=${quoteForShell(value)}`), command].join('\n')
}

function chosen(base: Environment, named: readonly string[]): Record<string, string> {
  const env: Record<string, string> = {}
  const isWindows = process.platform === 'win32'
  for (const [name, value] of Object.entries(base)) {
    if (value === undefined) continue
    const isHarmless = !SECRET.test(name) && !HAS_PASSWORD.test(value) && (name === 'PATH' || areClean([value]))
    const isOfUse =
      ALLOWED.test(name) || (isWindows && OF_WINDOWS.test(name)) || (name === 'NODE_OPTIONS' && !LOADS.test(value))
    if (named.includes(name) || (isOfUse && isHarmless)) env[name] = value
  }
  return env
}
