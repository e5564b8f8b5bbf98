import type { Command } from '../command.ts'
import { ask } from './ask.ts'
import { backtest } from './backtest.ts'
import { clean } from './clean.ts'
import { context } from './context.ts'
import { doctor } from './doctor.ts'
import { implement } from './implement.ts'
import { indexCommand } from './index-command.ts'
import { init } from './init.ts'
import { ledger } from './ledger.ts'
import { receipts } from './receipts.ts'
import { sleep } from './sleep.ts'
import { status } from './status.ts'
import { trust } from './trust.ts'
import { watch } from './watch.ts'

/** Every verb, in the order in which a newcomer meets them. */
export const COMMANDS: readonly Command[] = [
  init,
  indexCommand,
  sleep,
  watch,
  context,
  implement,
  trust,
  ask,
  status,
  ledger,
  receipts,
  backtest,
  doctor,
  clean,
]
