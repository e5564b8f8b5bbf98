import { Command as Program } from 'commander'
import { UserError } from '../src/errors.ts'
import { argumentWord, restWord, textOf } from './cli-docs.ts'
import type { Command, Option, Values } from './command.ts'
import { GROUPS } from './commands/index.ts'
import { GLOBAL_OPTIONS } from './global-options.ts'
import { oneOf, parserOf, withEnvironment } from './option-values.ts'
import { bold, cyan } from './paint/style.ts'

export interface ProgramOptions {
  readonly version: string
  /** Whether help is coloured, and its width; Infinity: lines are not broken. */
  readonly hasColours: () => boolean
  readonly columns: () => number
  /** Called with the parsed command. */
  readonly run: (command: Command, argument: string, values: Values) => Promise<void>
}

/**
 * The command line, built from the table of commands. Its faults are thrown: a CommanderError, or a UserError for an option's value.
 */
export function buildProgram({ version, hasColours, columns, run }: ProgramOptions): Program {
  const program = new Program('repose')
    .description('Your repository thinks while you rest: a repository preprocessor for coding agents.')
    .usage('<command> [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      outputError: () => {}, // the thrown error is printed
      getOutHasColors: hasColours,
      getErrHasColors: hasColours,
      getOutHelpWidth: columns,
      getErrHelpWidth: columns,
    })
    .configureHelp({
      showGlobalOptions: true,
      minWidthToWrap: 20,
      styleTitle: bold,
      styleCommandText: cyan,
      styleSubcommandText: cyan,
      styleOptionText: cyan,
      styleArgumentText: cyan,
      // the command's own help lists its options and arguments
      subcommandTerm: (command) => command.name(),
    })
  for (const option of GLOBAL_OPTIONS) addOption(program, option)
  for (const { title, commands } of GROUPS) {
    program.commandsGroup(`${title}:`)
    for (const command of commands) addCommand(program, command, run)
  }
  program
    .command('help [command] [action]')
    .summary('print the help of a command')
    .description('print the help of a command')
    .action((name?: string, action?: string) => helpOf(program, name, action).outputHelp())
  program.addHelpText('after', ({ command }) => (command === program ? `\n${FIRST_STEPS}` : ''))
  return program
}

const FIRST_STEPS = `First steps:
  $ repose index
  $ repose context "Add a CSV output format"
  $ repose help implement`

function addCommand(program: Program, command: Command, run: ProgramOptions['run']): void {
  const { argument, rest } = command
  const sub = program.command(command.name).summary(command.summary).description(describe(command))
  if (argument) sub.argument(argumentWord(argument), argument.text, (word: string) => chosen(command, word))
  if (rest) sub.argument(restWord(rest), rest.text)
  for (const option of command.options) addOption(sub, option)
  sub.addHelpText('after', `\nExamples:\n${command.examples.map((example) => `  $ ${example}`).join('\n')}`)
  sub.action(async (...given: unknown[]) => {
    const word = argument ? String(given[0] ?? '') : ''
    const values = withEnvironment(command, sub.optsWithGlobals(), process.env)
    await run(command, word, rest ? { ...values, rest: given[1] as readonly string[] } : values)
  })
}

function addOption(program: Program, option: Option): void {
  const takesValue = /[<[]/.test(option.flags)
  if (takesValue) program.option(option.flags, textOf(option), parserOf(option))
  else program.option(option.flags, textOf(option))
}

/** The help of a command describes its actions, too: 'help backlog import'. */
function helpOf(program: Program, name: string | undefined, action: string | undefined): Program {
  if (name === undefined) return program
  const found = program.commands.find((one) => one.name() === name)
  const command = GROUPS.flatMap(({ commands }) => commands).find((one) => one.name === name)
  if (command && action !== undefined && !command.argument?.choices?.includes(action))
    throw new UserError(`${name} has no action '${action}'`, `repose help ${name} says what it takes`)
  if (found) return found
  throw new UserError(`there is no command '${name}'`, 'repose help lists them')
}

function chosen({ name, argument }: Command, word: string): string {
  if (!argument?.choices || argument.choices.includes(word)) return word
  throw new UserError(
    `${name} knows no '${word}'`,
    `say ${oneOf(argument.choices)}${argument.isOptional ? ', or nothing' : ''}`,
  )
}

function describe({ summary, details }: Command): string {
  return details ? `${summary}\n\n${details}` : summary
}
