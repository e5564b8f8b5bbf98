import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { temporaryFolder } from '../../files/temporary-folder.ts'
import { ownEnvironment } from '../../processes/own-environment.ts'
import { type BubblewrapFeatures, bubblewrapArgs } from './bubblewrap.ts'
import type { Cage, CageSettings, NoCage, Wrapped } from './cage.ts'
import { CACHES } from './home-folders.ts'
import { innerScript, OUTER_SCRIPT } from './inner-script.ts'
import { keeperOf, memoryFor, mustStayFree } from './keeper.ts'
import { socketsIn } from './sockets-in.ts'
import { spawnWrapped } from './spawn-wrapped.ts'
import { type CagePlace, homeOf, whatIsVisible } from './what-is-visible.ts'

/** System folders of programs. Earlier entries of PATH may belong to the repository. */
const PLACES = ['/usr/bin', '/usr/local/bin', '/bin', '/run/current-system/sw/bin', '/run/wrappers/bin'].map(
  (folder) => `${folder}/bwrap`,
)
const TRIAL_MS = 10_000
const TASKS = 4096
const NOT_STARTED = 127

/** without: features to disable, as in an older version. */
export async function openBubblewrap(
  place: CagePlace,
  settings: CageSettings,
  env: Readonly<Record<string, string>>,
  without: Partial<BubblewrapFeatures> = {},
): Promise<Cage | NoCage> {
  const program = PLACES.find(isProgram)
  if (!program) return { why: 'bwrap is not installed', fix: 'install bubblewrap (apt, dnf, pacman, apk: bubblewrap)' }
  const { version, options } = await askHelp(program)
  const memoryBytes = memoryFor(settings.memoryMb)
  const tasks = settings.processes ?? TASKS
  const mounts = whatIsVisible(place, env, settings.readable)
  const best: BubblewrapFeatures = {
    layers: options.has('--tmp-overlay'),
    size: options.has('--size') ? memoryBytes : null,
    noUserns: options.has('--disable-userns'),
    userns: true,
    ...without,
  }
  let problem = ''
  for (const features of variants(best)) {
    const { args, texts } = bubblewrapArgs(mounts, place.root, settings.network, features)
    const tried = await trial(program, args, texts, env)
    if (tried === LATE)
      return { why: `bwrap ${LATE}`, fix: 'run it again when the machine is less busy', isOfTree: true }
    if (tried !== null) {
      problem ||= tried
      continue
    }
    const limits = {
      memoryBytes,
      tasks,
      inMemory: ['/', '/dev', ...mounts.flatMap(({ kind, path }) => (kind === 'empty' ? [path] : []))], // layers are written to the first
      disk: place.root,
      free: await mustStayFree(place.root),
    }
    return {
      name: `bubblewrap ${version}`,
      env: {
        HOME: homeOf(env),
        TMPDIR: '/tmp',
        ...(features.layers ? {} : Object.assign({}, ...CACHES.map(({ writes }) => writes ?? {}))),
      },
      hasTemporary: true,
      wrap(command) {
        const now = bubblewrapArgs([...mounts, ...socketsIn(mounts)], place.root, settings.network, features)
        const info = ['--info-fd', String(3 + now.texts.length)]
        return {
          file: '/bin/sh',
          args: [
            '-c',
            OUTER_SCRIPT,
            program,
            ...now.args,
            ...info,
            '--',
            '/bin/sh',
            '-c',

            innerScript(tasks),
            'sh',
            command,
          ],
          texts: now.texts,
          keeper: (info) => keeperOf(info, limits),
        }
      },
    }
  }
  if (!(await worksElsewhere(program, variants(best)))) return { why: problem, fix: fixOf(problem) }
  const fix =
    'see what the message names; "checks": {"uncaged": true} in your own configuration runs them without a cage'
  return { why: `bwrap works here, but not for this working tree: ${problem}`, fix, isOfTree: true }
}

/** Whether there is a cage for an empty folder. This environment does not count: its PATH may name folders of the repository. */
async function worksElsewhere(program: string, several: Iterable<BubblewrapFeatures>): Promise<boolean> {
  const root = await mkdtemp(join(temporaryFolder(), 'repose-empty-'))
  const env = { PATH: PLACES.map((place) => dirname(place)).join(':'), HOME: root }
  try {
    const mounts = whatIsVisible({ root }, env, [])
    for (const features of several) {
      const { args, texts } = bubblewrapArgs(mounts, root, false, features)
      if ([null, LATE].includes(await trial(program, args, texts, env))) return true
    }
    return false
  } finally {
    await rmdir(root)
  }
}

function* variants(best: BubblewrapFeatures): Generator<BubblewrapFeatures> {
  yield best
  if (best.layers) yield { ...best, layers: false }
  if (best.noUserns) yield { ...best, layers: false, noUserns: false }
  if (process.getuid?.() === 0) yield { ...best, layers: false, noUserns: false, userns: false }
}

const known = new Map<string, Promise<{ readonly version: string; readonly options: ReadonlySet<string> }>>()

function askHelp(program: string) {
  const asked = known.get(program) ?? ask(program)
  known.set(program, asked)
  return asked
}

async function ask(program: string) {
  const run = promisify(execFile)
  const own = { env: ownEnvironment() }
  const [help, version] = await Promise.all([run(program, ['--help'], own), run(program, ['--version'], own)])
  return {
    version: version.stdout.trim().replace(/^bubblewrap /, ''),
    options: new Set(help.stdout.match(/--[a-z-]+/g)),
  }
}

const LATE = `gave no answer within ${TRIAL_MS / 1000} s, or was ended`

/** null, or why no command can run this way. LATE: not known; bwrap may work here, so nothing may run without it. */
async function trial(
  program: string,
  args: readonly string[],
  texts: Wrapped['texts'],
  env: Readonly<Record<string, string>>,
): Promise<string | null> {
  const { child } = spawnWrapped(
    { file: program, args: [...args, '--', '/bin/sh', '-c', ':'], texts },
    { cwd: '/', env },
  )
  const timer = setTimeout(() => child.kill('SIGKILL'), TRIAL_MS)
  const [said, code] = await Promise.all([
    text(child.stderr!),
    new Promise<number | null>((resolve) => child.on('error', () => resolve(NOT_STARTED)).on('close', resolve)),
  ])
  clearTimeout(timer)
  if (code === null) return LATE
  return code === 0 ? null : said.trim().split('\n')[0] || `bwrap ended with exit code ${code}`
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function fixOf(problem: string): string {
  if (/uid map/i.test(problem))
    return 'allow bwrap to make user namespaces: on Ubuntu by an AppArmor profile for it (docs/security.md)'
  if (/namespace|proc/i.test(problem))
    return 'allow it to make namespaces: in a container by the security options of the container, else by sysctl user.max_user_namespaces (docs/security.md)'
  return 'see docs/security.md'
}
