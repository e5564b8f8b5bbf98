import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { madeOnce } from './shared-folder.ts'

export interface Packed {
  /** The file that npm would publish. */
  readonly archive: string
  /** Paths of the files in it, as npm lists them. */
  readonly paths: readonly string[]
}

/** This clone, packed by npm without a build. It is made once per run of the tests: npm takes seconds of processor time. */
export async function packed(): Promise<Packed> {
  const folder = await madeOnce('packed', pack)
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'))!
  return { archive: join(folder, archive), paths: JSON.parse(readFileSync(join(folder, 'paths.json'), 'utf8')) }
}

async function pack(folder: string): Promise<void> {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const options = { cwd: PACKAGE_ROOT, shell: process.platform === 'win32', maxBuffer: 1 << 28 }
  const { stdout } = await promisify(execFile)('npm', args, options)
  const [{ files }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ files: { path: string }[] }]
  writeFileSync(join(folder, 'paths.json'), JSON.stringify(files.map(({ path }) => path)))
}
