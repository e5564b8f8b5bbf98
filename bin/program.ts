import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CommanderError, Command as Program } from 'commander'
import { PACKAGE_ROOT } from '../src/assets.ts'
import { UserError } from '../src/errors.ts'
import { printable } from '../src/printable.ts'
import { argumentWord } from './cli-docs.ts'
import type { Command, ExitCode, Option, Values } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { codeAfter, endOnInterrupt, sayInterrupted } from './interrupt.ts'
import { Wire } from './wire.ts'

const interrupted = endOnInterrupt()
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0) // `repose context | head`: the reader has had enough
  if (error.code === 'EIO') return // the terminal is gone
  process.stderr.write(
    `error: the output cannot be written (${error.code})\nfix:   see whether there is space where it goes\n`,
  )
  process.exit(1)
})
process.stderr.on('error', () => {}) // nobody reads the remarks: no reason to leave work half done

// a daemon stands elsewhere
if (process.env.REPOSE_DB) process.env.REPOSE_DB = resolve(process.env.REPOSE_DB)
process.exitCode = await main(process.argv)

async function main(argv: readonly string[]): Promise<ExitCode> {
  const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string }
  let code: ExitCode = 0
  const program = new Program('repose')
    .description('Your repository thinks while you rest: a repository preprocessor for coding agents.')
    .version(version)
    .helpCommand(false)
    .showHelpAfterError('(repose --help lists the commands)')
    .configureOutput({ writeErr: (text) => process.stderr.write(printable(text)) })
    .exitOverride()
  for (const command of COMMANDS) {
    const sub = program.command(command.name).summary(command.summary).description(describe(command)).exitOverride()
    if (command.argument) sub.argument(argumentWord(command.argument), command.argument.text)
    for (const option of command.options) sub.option(option.flags, option.text, parserOf(option))
    sub.option('--repo <dir>', 'the repository', (dir) => given('--repo', dir), '.')
    sub.option('--db <file>', 'the database (default: in the git folder)', (file) => given('--db', file))
    sub.addHelpText('after', `\nExamples:\n${command.examples.map((example) => `  $ ${example}`).join('\n')}`)
    sub.action(async (...given: unknown[]) => {
      const argument = command.argument ? String(given[0] ?? '') : ''
      code = codeAfter(await run(command, argument, sub.opts()), interrupted)
    })
  }
  try {
    await program.parseAsync([...argv])
    return code
  } catch (error) {
    return report(error)
  }
}

async function run(command: Command, argument: string, values: Values): Promise<ExitCode> {
  const { repo, db, json, model } = values
  const wire = new Wire(
    {
      repo: String(repo),
      json: json === true,
      db: db ? resolve(String(db)) : undefined,
      model: typeof model === 'string' ? model : undefined,
    },
    interrupted,
  )
  try {
    return await command.run(wire, argument, values)
  } finally {
    await wire.close()
  }
}

/** Prints what went wrong in the words of its kind, and says which exit code it means. */
async function report(error: unknown): Promise<ExitCode> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (interrupted.aborted) {
    sayInterrupted()
    return 130
  }
  const { asUserError } = await import('../src/store/db-errors.ts')
  const known = asUserError(error, null)
  if (known instanceof UserError) {
    sayError(known.message, known.fix)
    return known.exitCode
  }
  const { code, path } = error as NodeJS.ErrnoException
  if (path !== undefined && /^(EACCES|EPERM|EROFS)$/.test(code ?? '')) {
    sayError(`${path} is not ours to read or write (${code})`, 'check the permissions of it and of its folder')
    return 1
  }
  if (error instanceof Error && error.name === 'GitError') {
    sayError(error.message, 'see what git fsck says of the repository; if it is whole, please report this')
    return 1
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`this is a bug in repose: please report it with what follows\n${printable(stack)}\n`)
  return 1
}

function sayError(what: string, fix: string): void {
  process.stderr.write(`error: ${printable(what.split('\n')[0]!)}\nfix:   ${printable(fix.replaceAll('\n', ' '))}\n`)
}

function describe(command: Command): string {
  return command.details ? `${command.summary}\n\n${command.details}` : command.summary
}

function parserOf({ flags, kind, least = 0, most }: Option): (value: string, before: unknown) => unknown {
  if (kind === 'list') return (value, before) => [...((before as string[] | undefined) ?? []), value]
  if (kind === undefined) return (value) => given(flags, value)
  const exact = kind === 'integer' ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE
  return (value) => {
    const number = Number(value)
    const isInRange = value.trim() !== '' && number >= least && number <= (most ?? exact)
    const isValid = isInRange && (kind === 'number' || Number.isInteger(number))
    if (isValid) return number
    throw new UserError(
      `${flags.split(' ')[0]} takes ${kind === 'integer' ? 'a whole number' : 'a number'} from ${least} ${most === undefined && !(number > exact) ? 'up' : `to ${most ?? exact}`}, not '${value}'`,
      'repose <command> --help shows what each option takes',
    )
  }
}

/** What an option was given, undefined where it takes nothing. An empty word is a variable that was not set: no default stands for it. */
function given<T extends string | undefined>(flags: string, value: T): T {
  if (value?.trim() !== '') return value
  throw new UserError(
    `${flags.split(' ')[0]} takes something that is not empty`,
    'repose <command> --help shows what each option takes',
  )
}
