/**
 * Reads every page of a database of unknown origin, in a process of its own: pages that point at each other can keep SQLite busy for ever,
 * and no signal handler runs meanwhile. Prints what it finds, one JSON document a line. sound-database.ts starts it, with the path, the limits
 * and the process that waits for it.
 */
import { writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { isSchemaOfRepose, type SchemaEntry } from './plain-schema.ts'

/** The first finding says whether the database is of repose, the last one whether it is sound. */
export type DatabaseFinding =
  | { readonly isOfRepose: boolean }
  | { readonly isSound: true }
  | { readonly code: string; readonly message: string }

export interface CheckOrder {
  readonly path: string
  readonly processorMs: number
  readonly mostMs: number
  readonly parent: number
}

const STEP_MS = 100
const BUSY_MS = 5000 // as in db-errors.ts, which this process does not load

if (isMainThread) {
  const order = JSON.parse(process.argv[2]!) as CheckOrder
  new Worker(fileURLToPath(import.meta.url), { workerData: order }).unref()
  await check(order.path)
} else {
  endInTime(workerData as CheckOrder)
}

/** Ends this process when it takes too long, or when nobody waits for it any more. */
function endInTime({ processorMs, mostMs, parent }: CheckOrder): void {
  const started = performance.now()
  setInterval(() => {
    const { user, system } = process.cpuUsage()
    const isLate = (user + system) / 1000 > processorMs || performance.now() - started > mostMs
    if (isLate || process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
  }, STEP_MS)
}

async function check(path: string): Promise<void> {
  const { default: Database } = await import('better-sqlite3')
  try {
    const db = new Database(path, { fileMustExist: true, timeout: BUSY_MS })
    const isOfRepose = isSchemaOfRepose(db.prepare('SELECT type, name, sql FROM sqlite_master').all() as SchemaEntry[])
    say({ isOfRepose })
    if (!isOfRepose) return // its schema may compute something
    // checks all pages before it reads rows, and ends at the first wrong one, for instance one at which two others point
    const found = db.prepare('PRAGMA quick_check(1)').pluck().get() as string
    say(found === 'ok' ? { isSound: true } : { code: 'SQLITE_CORRUPT', message: found })
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    say({ code: code ?? 'SQLITE_CORRUPT', message })
  }
}

function say(finding: DatabaseFinding): void {
  writeSync(1, `${JSON.stringify(finding)}\n`)
}
