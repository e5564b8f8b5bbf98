import { describe, expect, test } from 'vitest'
import { toCallFailure } from '../../src/llm/failure.ts'

const ENDPOINT = { shownUrl: 'http://here/v1', model: 'm', apiKey: 'sk-secret', timeoutMs: 1000 }

/** An error of the SDK, with the fields that are read. */
function apiError(
  status: number | undefined,
  message: string,
  headers: Record<string, string> = {},
  more: object = {},
) {
  return Object.assign(new Error(message), { requestID: null, status, headers: new Headers(headers), ...more })
}
const failureOf = (error: unknown) => toCallFailure(error, ENDPOINT)!
const waitOf = (headers: Record<string, string>) => failureOf(apiError(429, '429 slow down', headers)).waitMs

test('how long to wait is asked for in milliseconds, in seconds, or by a date', () => {
  expect(waitOf({ 'retry-after-ms': '1500' })).toBe(1500)
  expect(waitOf({ 'retry-after-ms': '20', 'retry-after': '9' })).toBe(20)
  expect(waitOf({ 'retry-after': '2.5' })).toBe(2500)
  expect(waitOf({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() })).toBeGreaterThan(50_000)
  expect(waitOf({ 'retry-after': new Date(Date.now() - 60_000).toUTCString() })).toBe(0)
  expect(waitOf({ 'retry-after': 'soon' })).toBeNull()
  expect(waitOf({})).toBeNull()
})

describe('a status is explained, with what to do', () => {
  test.each<[number, string, object, RegExp, object]>([
    [
      302,
      '',
      { headers: new Headers({ location: 'https://u:p@there/v2?key=1' }) },
      /on to https:\/\/there\/v2 \(302\): nothing was sent there$/,
      { failure: 'fatal' },
    ],
    [302, '', {}, /on to another address \(302\)/, { failure: 'fatal' }],
    [400, '400 bad', {}, /refused the request \(400\): bad$/, { failure: 'refused', retry: false }],
    [400, '400 status code (no body)', {}, /refused the request \(400\)$/, { failure: 'refused' }],
    [402, '402 no credit', {}, /^quota reached \(402\): no credit$/, { failure: 'fatal' }],
    [403, '403 not yours', {}, /may not use model 'm' \(403\): not yours$/, { failure: 'fatal' }],
    [404, '404 nothing', {}, /has no chat completions \(404\)$/, { failure: 'fatal' }],
    [404, '404 nothing', { code: 'model_not_found' }, /^model 'm' is unknown/, { failure: 'fatal' }],
    [408, '408 late', {}, /failed \(408\): late$/, { failure: 'transient', retry: true, billed: false }],
    [409, '409 busy', {}, /failed \(409\): busy$/, { retry: true }],
    [
      429,
      '429 check your billing',
      {},
      /^quota reached \(429\): check your billing$/,
      { failure: 'fatal', retry: false },
    ],
    [429, '429 slow down', {}, /^rate limit reached \(429\): slow down$/, { failure: 'transient', retry: true }],
    [500, '500 oops', {}, /failed \(500\): oops$/, { failure: 'transient', retry: true }],
  ])('%i %s', (status, message, more, said, expected) => {
    const failure = failureOf(apiError(status, message, {}, more))
    expect(failure.message).toMatch(said)
    expect(failure).toMatchObject(expected)
    expect(failure.fix).toMatch(/^[^\n]{10,}$/)
  })
})

test('an error without a status is explained by the reply, its code or its words', () => {
  const within = failureOf(apiError(undefined, 'overloaded', {}, { error: { message: 'overloaded' } }))
  expect(within).toMatchObject({ billed: true, retry: true, message: expect.stringMatching(/within the reply: overl/) })
  const refused = Object.assign(new Error('no'), { code: 'ECONNREFUSED' })
  const cause = new TypeError('fetch failed', { cause: refused })
  expect(failureOf(apiError(undefined, 'Connection error.', {}, { cause }))).toMatchObject({
    ...{ retry: true, billed: false, failure: 'transient', fix: expect.stringMatching(/^start it/) },
    message: 'the endpoint http://here/v1 cannot be reached (ECONNREFUSED)',
  })
  expect(failureOf(apiError(undefined, 'Connection error.', {}, { cause: new Error('bad port') }))).toMatchObject({
    ...{ retry: false, fix: expect.stringMatching(/^check the network/) },
    message: 'the endpoint http://here/v1 cannot be reached (bad port)',
  })
})

test('a broken connection, and a reply that cannot be read, may have been paid for', () => {
  const broken = new TypeError('terminated', { cause: Object.assign(new Error('x'), { code: 'UND_ERR_SOCKET' }) })
  expect(failureOf(broken)).toMatchObject({
    billed: true,
    retry: true,
    message: expect.stringMatching(/UND_ERR_SOCKET/),
  })
  expect(failureOf(new SyntaxError('x'))).toMatchObject({ billed: true, retry: false })
  expect(failureOf(new RangeError('stack'))).toMatchObject({ billed: true, message: expect.stringMatching(/too deep/) })
  for (const bug of [new TypeError('x is not a function'), new Error('y'), 'z']) expect(failureOf(bug)).toBeNull()
})

test('a message is one line of at most 300 characters, without the key', () => {
  const { message } = failureOf(apiError(400, `400 of\n\n  sk-secret ${'long '.repeat(200)}`))
  expect(message).toMatch(/\(400\): of \[API key\] long long/)
  expect(message.length).toBeLessThanOrEqual(300)
})
