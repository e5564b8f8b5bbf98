import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { programPath } from '../../src/processes/program-path.ts'
import type { Wire } from '../wire.ts'
import { CLIENT_CONFIGS, type Start } from './client-configs.ts'

/** Prints what to put into a client's configuration; where it goes is a remark. No file is touched. more: arguments of the server after `mcp`. */
export function printConfig(wire: Wire, client: string, more: readonly string[]): void {
  const { name, place, orRun, write } = CLIENT_CONFIGS[client]!
  const isInstalled = programPath('repose') !== null
  const { command, args } = isInstalled ? INSTALLED : here()
  wire.printWhole(write({ command, args: [...args, ...more] }))
  wire.say(`for ${name}: ${place}${orRun && isInstalled ? `; or run: ${[orRun, ...more].join(' ')}` : ''}`)
  if (!isInstalled) wire.say('note: repose is not in your PATH, so the paths of this installation are printed')
}

const INSTALLED: Start = { command: 'repose', args: ['mcp'] }

function here(): Start {
  return { command: process.execPath, args: [join(PACKAGE_ROOT, 'dist/bin/repose.js'), 'mcp'] }
}
