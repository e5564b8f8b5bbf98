import type { Command } from '../command.ts'
import { apply } from './apply.ts'
import { ask } from './ask.ts'
import { backlog } from './backlog.ts'
import { backtest } from './backtest.ts'
import { check } from './check.ts'
import { ciOf } from './ci.ts'
import { clean } from './clean.ts'
import { completionOf } from './completion.ts'
import { context } from './context.ts'
import { doctor } from './doctor.ts'
import { exportCommand } from './export.ts'
import { find } from './find.ts'
import { fleet } from './fleet.ts'
import { hook } from './hook.ts'
import { implement } from './implement.ts'
import { importCommand } from './import.ts'
import { indexCommand } from './index-command.ts'
import { init } from './init.ts'
import { ledger } from './ledger.ts'
import { mcp } from './mcp.ts'
import { pull } from './pull.ts'
import { push } from './push.ts'
import { receipts } from './receipts.ts'
import { sleep } from './sleep.ts'
import { status } from './status.ts'
import { trust } from './trust.ts'
import { undo } from './undo.ts'
import { watch } from './watch.ts'

export interface Group {
  readonly title: string
  readonly commands: readonly Command[]
}

/** Every command, in the order in which a new user needs them. */
export const GROUPS: readonly Group[] = [
  { title: 'Prepare', commands: [init, indexCommand, sleep, watch] },
  {
    title: 'Ask and build',
    commands: [context, implement, apply, undo, backlog, ask, find, check, mcp],
  },
  { title: 'Share', commands: [push, pull, exportCommand, importCommand] },
  { title: 'Look back', commands: [status, ledger, receipts, backtest] },
  { title: 'With a team', commands: [ciOf((name) => COMMANDS.find((one) => one.name === name)), fleet] },
  { title: 'Look after', commands: [doctor, trust, hook, clean, completionOf(() => COMMANDS)] },
]

export const COMMANDS: readonly Command[] = GROUPS.flatMap(({ commands }) => commands)
