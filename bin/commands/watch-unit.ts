import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { watchHolder } from '../../src/daemon/lock.ts'
import { logPath } from '../../src/daemon/log.ts'
import { type Unit, unitOf } from '../../src/daemon/unit.ts'
import { UserError } from '../../src/errors.ts'
import { runProcess } from '../../src/run-process.ts'
import type { ExitCode } from '../command.ts'
import type { Wire } from '../wire.ts'
import { spendingOf } from './watch-spending.ts'

/** Shows the unit that starts the daemon with the session; with isSure it is written and enabled. */
export async function install(wires: readonly Wire[], isSure: boolean): Promise<ExitCode> {
  const unit = await unitFor(wires)
  const path = join(homedir(), unit.path)
  const [wire] = wires
  wire!.print(`${path}:\n\n${unit.text}\nthen: ${unit.enable.map((words) => words.join(' ')).join(' && ')}`)
  for (const one of wires) wire!.print(await spendingOf(one))
  if (!isSure) {
    wire!.print('nothing is done yet: say --yes to do it')
    return 1
  }
  await refuseWhileRunning(wires)
  await refuseWithoutService(wire!.signal)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, unit.text)
  for (const words of unit.enable) await run(words, `the file is written, but not enabled: ${path}`, wire!.signal)
  wire!.print('installed and started')
  return 0
}

/** Stops and disables the unit, and deletes its file. */
export async function uninstall(wires: readonly Wire[], isSure: boolean): Promise<ExitCode> {
  const unit = await unitFor(wires)
  const path = join(homedir(), unit.path)
  const [wire] = wires
  if (!existsSync(path)) {
    wire!.print(`nothing is installed (${path})`)
    return 0
  }
  if (!isSure) {
    wire!.print(
      `would run ${unit.disable.map((words) => words.join(' ')).join(' && ')} and delete ${path}: say --yes to do it`,
    )
    return 1
  }
  await refuseWithoutService(wire!.signal)
  for (const words of unit.disable) await run(words, `${path} is still there`, wire!.signal)
  rmSync(path)
  wire!.print(`uninstalled: ${path}`)
  return 0
}

/** Two daemons of one repository cannot be: the second would end and be started again for ever. */
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

/** systemctl exists in many containers where no systemd runs. */
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
  const [command, ...args] = words.map((word) => word.replace(/^~\//, `${homedir()}/`))
  const { exitCode, stderr, error } = await outcomeOf(command!, args, signal)
  if (exitCode !== 0)
    throw new UserError(`${words.join(' ')}: ${(error?.message ?? stderr).trim().split('\n')[0]}`, left, {
      exitCode: 1,
    })
}

const SERVICE_MS = 60_000

async function outcomeOf(command: string, args: readonly string[], signal: AbortSignal) {
  const env = process.env as Record<string, string>
  const end = await runProcess(command, args, { cwd: '/', env, signal, timeoutMs: SERVICE_MS, onOutput: () => true })
  signal.throwIfAborted()
  return end
}
