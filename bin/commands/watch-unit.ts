import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { watchHolder } from '../../src/daemon/lock.ts'
import { logPath } from '../../src/daemon/log.ts'
import { type Unit, unitOf } from '../../src/daemon/unit.ts'
import { UserError } from '../../src/errors.ts'
import { homeFolder } from '../../src/files/home-folder.ts'
import { ownEnvironment } from '../../src/processes/own-environment.ts'
import { runProcess } from '../../src/processes/run-process.ts'
import type { ExitCode } from '../command.ts'
import type { Wire } from '../wire.ts'
import { spendingOf } from './watch-spending.ts'

/** Shows the unit that starts the daemon with the session; isSure: also writes and enables it. */
export async function install(wires: readonly Wire[], isSure: boolean, isJson: boolean): Promise<ExitCode> {
  const unit = await unitFor(wires)
  const path = join(homeFolder(), unit.path)
  const [wire] = wires
  const tell = tellerOf(wire!, isJson)
  tell(`${path}:\n\n${unit.text}\nthen: ${unit.enable.map((words) => words.join(' ')).join(' && ')}`)
  for (const one of wires) tell(await spendingOf(one))
  const end = (installed: boolean): ExitCode => {
    if (isJson) wire!.printJson({ path, unit: unit.text, commands: unit.enable, installed })
    else wire!.print(installed ? 'installed and started' : 'nothing is done yet: say --yes to do it')
    return installed ? 0 : 1
  }
  if (!isSure) return end(false)
  await refuseWhileRunning(wires)
  await refuseWithoutService(wire!.signal)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, unit.text)
  for (const words of unit.enable) await run(words, `the file is written, but not enabled: ${path}`, wire!.signal)
  return end(true)
}

/** Stops and disables the unit, and deletes its file. */
export async function uninstall(wires: readonly Wire[], isSure: boolean, isJson: boolean): Promise<ExitCode> {
  const unit = await unitFor(wires)
  const path = join(homeFolder(), unit.path)
  const [wire] = wires
  const end = (text: string, code: 0 | 1): ExitCode => {
    if (isJson) wire!.printJson({ path, commands: unit.disable, installed: existsSync(path) })
    else wire!.print(text)
    return code
  }
  if (!existsSync(path)) return end(`nothing is installed (${path})`, 0)
  const commands = unit.disable.map((words) => words.join(' ')).join(' && ')
  if (!isSure) return end(`would run ${commands} and delete ${path}: say --yes to do it`, 1)
  await refuseWithoutService(wire!.signal)
  for (const words of unit.disable) await run(words, `${path} is still there`, wire!.signal)
  rmSync(path)
  return end(`uninstalled: ${path}`, 0)
}

/** Prints text beside the result: a remark if the result is JSON. */
function tellerOf(wire: Wire, isJson: boolean): (text: string) => void {
  return (text) => (isJson ? wire.say(text) : wire.printWhole(text))
}

/** Two daemons of one repository are impossible: the second would end and be restarted for ever. */
async function refuseWhileRunning(wires: readonly Wire[]): Promise<void> {
  for (const wire of wires) {
    const holder = watchHolder(await wire.databasePath())
    if (holder)
      throw new UserError(
        `pid ${holder.pid} watches ${(await wire.repo()).root} already`,
        'end it first: repose watch stop',
        { exitCode: 1 },
      )
  }
}

async function unitFor(wires: readonly Wire[]): Promise<Unit> {
  if (process.platform !== 'linux' && process.platform !== 'darwin')
    throw new UserError(`there is no unit for ${process.platform}`, 'start it by hand: repose watch start')
  const { db, model } = wires[0]!.flags
  return unitOf({
    platform: process.platform,
    roots: await Promise.all(wires.map(async (wire) => (await wire.repo()).root)),
    node: process.execPath,
    program: join(PACKAGE_ROOT, 'dist/bin/repose.js'),
    log: logPath(await wires[0]!.databasePath()),
    db: db && (await wires[0]!.databasePath()),
    model,
  })
}

/** systemctl exists in many containers without a running systemd. */
async function refuseWithoutService(signal: AbortSignal): Promise<void> {
  if (process.platform === 'darwin') return
  const { exitCode, stderr, error } = await outcomeOf('systemctl', ['--user', 'show-environment'], signal)
  if (exitCode === 0) return
  const why = error ? 'systemctl is not there' : stderr.trim().split('\n')[0]
  throw new UserError(`no systemd runs for your user here (${why})`, 'start it by hand: repose watch start', {
    exitCode: 1,
  })
}

async function run(words: readonly string[], left: string, signal: AbortSignal): Promise<void> {
  const [command, ...args] = words.map((word) => word.replace(/^~\//, `${homeFolder()}/`))
  const { exitCode, stderr, error } = await outcomeOf(command!, args, signal)
  if (exitCode !== 0)
    throw new UserError(`${words.join(' ')}: ${(error?.message ?? stderr).trim().split('\n')[0]}`, left, {
      exitCode: 1,
    })
}

const SERVICE_MS = 60_000

async function outcomeOf(command: string, args: readonly string[], signal: AbortSignal) {
  const env = ownEnvironment()
  const end = await runProcess(command, args, { cwd: '/', env, signal, timeoutMs: SERVICE_MS, onOutput: () => true })
  signal.throwIfAborted()
  return end
}
