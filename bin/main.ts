import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CommanderError } from 'commander'
import { PACKAGE_ROOT } from '../src/assets.ts'
import { UserError } from '../src/errors.ts'
import { workIn } from '../src/repo/trees-around.ts'
import { TRACE, type Traced } from '../src/trace.ts'
import { buildProgram } from './build-program.ts'
import type { Command, ExitCode, Values } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { globalsIn } from './global-options.ts'
import { codeAfter, sayInterrupted } from './interrupt.ts'
import { Output } from './output.ts'
import { Wire } from './wire.ts'

/**
 * Runs the command of a command line, and returns its exit code. Reads the environment, the working folder and the streams of this
 * process; all else that concerns a whole process (signals, keys, streams that break) is program.ts.
 */
export async function main(argv: readonly string[], interrupted: AbortSignal): Promise<ExitCode> {
  const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string }
  let code: ExitCode = 0
  let output = new Output({ color: 'auto', quiet: false })
  const program = buildProgram({
    version,
    hasColours: () => new Output(globalsIn(program.opts())).hasColours,
    columns: () => output.columns,
    async run(command, argument, values) {
      output = new Output(globalsIn(values))
      enter(values.C as readonly string[] | undefined)
      code = codeAfter(await run(command, argument, values, output, interrupted), interrupted)
    },
  })
  try {
    await program.parseAsync([...argv])
    return code
  } catch (error) {
    return report(error, argv, output, interrupted)
  }
}

/** Changes to the folders of -C. */
function enter(folders: readonly string[] = []): void {
  for (const folder of folders) {
    try {
      process.chdir(folder)
    } catch (cause) {
      throw new UserError(`there is no folder ${resolve(folder)}`, 'name an existing one with -C DIR', { cause })
    }
  }
  workIn(process.cwd())
  // a daemon changes to another folder
  if (process.env.REPOSE_DB) process.env.REPOSE_DB = resolve(process.env.REPOSE_DB)
}

async function run(
  command: Command,
  argument: string,
  values: Values,
  output: Output,
  interrupted: AbortSignal,
): Promise<ExitCode> {
  const { repo, db, verbose } = globalsIn(values)
  const { json, model } = values
  let trace = (_message: unknown) => {}
  if (verbose) {
    const { withoutCredentials } = await import('../src/secrets/without-credentials.ts')
    trace = (message) => tell(output, message as Traced, withoutCredentials)
    TRACE.subscribe(trace)
    output.trace(`${clock()}  repose ${command.name}, Node ${process.version}, in ${process.cwd()}`)
  }
  const flags = {
    repo,
    json: json === true,
    verbose,
    db: db === undefined ? undefined : resolve(db),
    model: typeof model === 'string' ? model : undefined,
    isDry: values.dryRun === true,
  }
  workIn(resolve(repo)) // before any git starts
  const wire = new Wire(flags, output, interrupted)
  try {
    return await command.run(wire, argument, values)
  } finally {
    await wire.close()
    if (verbose) output.trace(`${clock()}  end`)
    TRACE.unsubscribe(trace)
  }
}

function tell(output: Output, { what, ms }: Traced, clean: (text: string) => string): void {
  output.trace(`${clock()}  ${clean(what.replace(/\s+/g, ' '))}  (${Math.round(ms)} ms)`)
}

/** Time since the program started. */
function clock(): string {
  return `${(performance.now() / 1000).toFixed(3)} s`
}

/** Prints the error in the form for its kind, and returns its exit code. */
async function report(
  error: unknown,
  argv: readonly string[],
  output: Output,
  interrupted: AbortSignal,
): Promise<ExitCode> {
  if (error instanceof CommanderError) return reportUsage(error, argv, output)
  if (interrupted.aborted) {
    sayInterrupted()
    return 130
  }
  const { asUserError } = await import('../src/store/db-errors.ts')
  const known = asUserError(error, null)
  if (known instanceof UserError) {
    output.fail(known.message, known.fix)
    return known.exitCode
  }
  const { code, path } = error as NodeJS.ErrnoException
  if (path !== undefined && /^(EACCES|EPERM|EROFS)$/.test(code ?? '')) {
    output.fail(`you may not read or write ${path} (${code})`, 'check the permissions of it and of its folder')
    return 1
  }
  if (path !== undefined && code === 'ENOTDIR') {
    output.fail(`${path} cannot be opened: something on the way is no folder`, 'see what lies there, and move it away')
    return 1
  }
  if (error instanceof Error && error.name === 'GitError') {
    output.fail(error.message, 'see what git fsck says of the repository; if it is whole, please report this')
    return 1
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  output.bug(stack)
  return 1
}

/** Faults of the command line, with commander's suggestion. Requested help is no failure. */
function reportUsage({ code, exitCode, message }: CommanderError, argv: readonly string[], output: Output): ExitCode {
  if (exitCode === 0) return 0
  if (code === 'commander.help') return 2 // no command: its help is printed
  const named = COMMANDS.find(({ name }) => argv.slice(2).includes(name))
  const [what, guess = ''] = message.replace(/^error: /, '').split('\n')
  const [example] = named?.examples ?? []
  const option = /^unknown option '(-[^']+)'/.exec(what ?? '')?.[1]
  const isMisplaced = named?.options.some(({ flags }) => flags.split(/[ ,]+/).includes(option ?? ''))
  const isUnquoted = code === 'commander.excessArguments' && named?.argument && !named.argument.choices
  const fix =
    code === 'commander.missingArgument' && example
      ? `give it, as in ${example}`
      : isMisplaced
        ? `put it after the command: repose ${named?.name} ${option}`
        : isUnquoted
          ? `put the ${named.argument?.name} in quotes, as in ${example}`
          : `repose help${named && code !== 'commander.unknownCommand' ? ` ${named.name} lists what it takes` : ' lists the commands'}`
  output.fail(`${what}${guess && ` ${guess}`}`, fix)
  return 2
}
