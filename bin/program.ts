import { takeKeys } from '../src/config/keys.ts'
import { absoluteLibraries } from '../src/processes/own-environment.ts'
import { endWhenWhole } from '../src/processes/uninterrupted.ts'
import { endOnInterrupt } from './interrupt.ts'
import { main } from './main.ts'

// before any other process starts
takeKeys()
Object.assign(process.env, absoluteLibraries(process.env))
const interrupted = endOnInterrupt()
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EIO') return // the terminal is gone
  // `repose context | head`: the reader has ended
  if (error.code === 'EPIPE') {
    endWhenWhole(() => process.exit(0))
    return
  }
  process.stderr.write(
    `error: the output cannot be written (${error.code})\nfix:   see whether there is space where it goes\n`,
  )
  endWhenWhole(() => process.exit(1))
})
process.stderr.on('error', () => {}) // nobody reads the remarks: finish the work anyway

process.exitCode = await main(process.argv, interrupted)
