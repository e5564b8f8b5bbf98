import { expect, test, vi } from 'vitest'
import { confirmEdits } from '../../bin/ask-about-checks.ts'
import type { Wire } from '../../bin/wire.ts'

test('with --quiet, too, the edits are shown about which the user is asked', async () => {
  vi.stubEnv('CI', '')
  const streams = [process.stdin, process.stderr]
  const were = streams.map((stream) => Object.getOwnPropertyDescriptor(stream, 'isTTY'))
  for (const stream of streams) Object.defineProperty(stream, 'isTTY', { value: true, configurable: true })
  const shown: string[] = []
  const printWhole = (text: string) => void shown.push(text)
  const wire = { flags: {}, output: { isQuiet: true }, say() {}, printWhole, signal: AbortSignal.abort() }
  try {
    const edits = [{ path: 'package.json', why: 'scripts (test)', diff: '+"test": "touch x"\n' }]
    const asked = confirmEdits(wire as unknown as Wire, { end: () => 0 } as never, edits as never)
    await asked.catch(() => {}) // the signal ends the question
    expect(shown.join('')).toContain('+"test": "touch x"')
  } finally {
    for (const [i, stream] of streams.entries()) {
      if (were[i]) Object.defineProperty(stream, 'isTTY', were[i])
      else Reflect.deleteProperty(stream, 'isTTY')
    }
    vi.unstubAllEnvs()
  }
})
