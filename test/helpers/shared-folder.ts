import { existsSync, mkdtempSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { memoryFolder } from './memory-folder.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly sharedFolder: string
  }
}

/**
 * For vitest's globalSetup: makes a folder for what is made once per run of the tests and copied by many of them, and deletes it at the end. If
 * possible, it is in memory, and so are temporary files.
 */
export default function setup(project: TestProject): () => void {
  const isAttack = project.vitest.projects.some(({ name }) => name === 'attack') // some attacks are about the usual temporary folder
  const memory = isAttack ? null : memoryFolder('repose-test-')
  if (memory !== null) process.env.TMPDIR = memory // processes of tests start later
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'repose-tests-'))
  project.provide('sharedFolder', folder)
  return () => {
    if (memory !== null) delete process.env.TMPDIR
    rmSync(memory ?? folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
}

/** The shared folder of this name. The first test that asks for it makes it; nobody changes it. fill: gets a new, empty folder. */
export async function madeOnce(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const { place, own } = begin(name)
  if (own === null) return place
  await fill(own)
  return finish(place, own)
}

/** The same, where it is made without waiting. */
export function madeOnceNow(name: string, fill: (folder: string) => void): string {
  const { place, own } = begin(name)
  if (own === null) return place
  fill(own)
  return finish(place, own)
}

/** own: where this process makes it; null: it is there. */
function begin(name: string): { readonly place: string; readonly own: string | null } {
  const place = join(inject('sharedFolder'), name)
  if (existsSync(place)) return { place, own: null }
  return { place, own: mkdtempSync(`${place}-`) }
}

function finish(place: string, own: string): string {
  try {
    renameSync(own, place)
  } catch (error) {
    if (!existsSync(place)) throw error // else another test was faster
    rmSync(own, { recursive: true, force: true })
  }
  return place
}
