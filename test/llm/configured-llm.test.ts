import { expect, test } from 'vitest'
import type { Config } from '../../src/config/read-config.ts'
import { configuredLlm, halfSet, noModel } from '../../src/llm/configured-llm.ts'

const config = (set: Partial<Config>) => ({ prices: {}, ...set }) as Config
const FULL = config({ model: 'm', apiKey: 'k' })

test('a model needs a name, and a key or an address; asleep, sleepModel comes first', async () => {
  expect((await configuredLlm(FULL, 'awake'))?.model).toBe('m')
  expect((await configuredLlm(config({ model: 'm', baseUrl: 'http://127.0.0.1:1/v1' }), 'awake'))?.model).toBe('m')
  const both = config({ ...FULL, sleepModel: 'night' })
  expect((await configuredLlm(both, 'sleep'))?.model).toBe('night')
  expect((await configuredLlm(both, 'awake'))?.model).toBe('m')
  expect((await configuredLlm(FULL, 'sleep'))?.model).toBe('m')
})

test.each<[string, Partial<Config>, string | null, string]>([
  ['nothing', {}, null, 'no key and no endpoint is set'],
  [
    'a name alone',
    { model: 'm' },
    'm is not asked, since no key and no endpoint is set',
    'no key and no endpoint is set',
  ],
  ['a key alone', { apiKey: 'k' }, 'no model is asked, since no model is named (REPOSE_MODEL)', 'no model is named'],
])('if only %s is set, no model is asked, and the message says why', async (_, set, half, why) => {
  expect(await configuredLlm(config(set), 'awake')).toBeNull()
  expect(halfSet(config(set), 'awake')).toBe(half)
  expect(noModel(config(set)).message).toBe(why)
})

test('if name and key are set, nothing is missing', () => {
  expect(halfSet(FULL, 'awake')).toBeNull()
})
