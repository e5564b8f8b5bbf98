import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface Power {
  /** 'unknown' counts as mains: desktops report nothing. */
  readonly source: 'mains' | 'battery' | 'unknown'
  /** Charge; null: unknown. */
  readonly percent: number | null
}

const UNKNOWN: Power = { source: 'unknown', percent: null }

/** Whether the machine runs on battery: Linux /sys, macOS pmset. folder: for tests. */
export async function readPower(platform = process.platform, folder = '/sys/class/power_supply'): Promise<Power> {
  if (platform === 'linux') return readSupplies(folder)
  if (platform !== 'darwin') return UNKNOWN
  const asked = promisify(execFile)('/usr/bin/pmset', ['-g', 'batt'], { cwd: '/', timeout: 5000 })
  const { stdout } = await asked.catch(() => ({ stdout: '' })) // treated as no battery
  return parsePmset(stdout)
}

/** Parses the output of `pmset -g batt`. */
export function parsePmset(text: string): Power {
  const source = /drawing from 'Battery/.test(text) ? 'battery' : /drawing from 'AC/.test(text) ? 'mains' : 'unknown'
  const percent = /(\d+)%/.exec(text)?.[1]
  return { source, percent: percent === undefined ? null : Number(percent) }
}

/** A mains supply that is on wins. A mouse's battery (scope Device) is ignored. */
function readSupplies(folder: string): Power {
  if (!existsSync(folder)) return UNKNOWN
  let percent: number | null = null
  let isDischarging = false
  let isOnline = false
  for (const name of readdirSync(folder)) {
    const read = (file: string) => {
      try {
        return readFileSync(join(folder, name, file), 'utf8').trim()
      } catch {
        return '' // this supply has no such figure
      }
    }
    if (read('type') === 'Battery' && read('scope') !== 'Device') {
      isDischarging ||= read('status') === 'Discharging'
      const capacity = read('capacity')
      if (capacity !== '') percent = Number(capacity)
    } else if (read('online') === '1') isOnline = true
  }
  if (isOnline) return { source: 'mains', percent }
  if (isDischarging) return { source: 'battery', percent }
  return percent === null ? UNKNOWN : { source: 'mains', percent }
}
