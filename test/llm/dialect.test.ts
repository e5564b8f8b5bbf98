import { expect, test } from 'vitest'
import { type Dialect, firstDialect, isOutputTooLong, plainerDialect, type Refusal } from '../../src/llm/dialect.ts'
import type { LlmRequest } from '../../src/types.ts'

const ALL: Dialect = { json: 'json_schema', maxTokens: 'max_tokens', cap: true, tier: true }
const PLAIN: LlmRequest = { purpose: 'test', messages: [] }
const JSON_REQUEST: LlmRequest = { ...PLAIN, json: { name: 'x', schema: {} } }
const LIMITED: LlmRequest = { ...PLAIN, maxOutputTokens: 9896 }
const refusal = (text: string, more: Partial<Refusal> = {}): Refusal => ({ status: 400, param: null, text, ...more })

test('the limit has its newer name where OpenAI is asked, and its old one elsewhere', () => {
  expect(firstDialect('https://api.openai.com/v1')).toEqual({ ...ALL, maxTokens: 'max_completion_tokens' })
  expect(firstDialect('http://localhost:8000/v1')).toEqual(ALL)
  expect(firstDialect('http://api.openai.com.example.org/v1')).toEqual(ALL)
})

const TOO_LARGE = 'max_tokens is too large: 32000. This model supports at most 16384 completion tokens'
const RENAMED = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'."
const newer = { ...ALL, maxTokens: 'max_completion_tokens' } as const

test.each<[string, LlmRequest, Refusal, Partial<Dialect> | null]>([
  ['the tier', PLAIN, refusal('', { param: 'service_tier' }), { tier: false }],
  ['the tier in words', PLAIN, refusal('Invalid service tier: flex'), { tier: false }],
  ['our limit as too large', PLAIN, refusal(TOO_LARGE), { cap: false }],
  ['our limit as beyond its context', PLAIN, refusal('context length must be at most 8192'), { cap: false }],
  ['the name of our limit', PLAIN, refusal(RENAMED), { maxTokens: 'max_completion_tokens' }],
  ["the name of the request's limit", LIMITED, refusal(RENAMED), { maxTokens: 'max_completion_tokens' }],
  ['a schema', JSON_REQUEST, refusal('', { param: 'response_format' }), { json: 'json_object' }],
  ['a schema in words', JSON_REQUEST, refusal('structured output is unknown here'), { json: 'json_object' }],
  ['something, of a request for JSON', JSON_REQUEST, refusal(''), { json: 'json_object' }],
  ['an unknown field, as FastAPI does', JSON_REQUEST, refusal('json_schema', { status: 422 }), { json: 'json_object' }],
  ['something, without words', PLAIN, refusal(''), { cap: false }],
  ['a message of ours', PLAIN, refusal('messages must not be empty'), null],
  ['a schema of a request without one', PLAIN, refusal('response_format'), null],
  ["the request's own limit as too large", LIMITED, refusal('too many output tokens'), null],
  ['the key', PLAIN, refusal('service_tier', { status: 401 }), null],
])('an endpoint that refuses %s is asked without it', (_, request, refused, changed) => {
  expect(plainerDialect(ALL, request, refused)).toEqual(changed && { ...ALL, ...changed })
})

test('what was dropped is not dropped again, so a second refusal of it ends the tries', () => {
  const object: Dialect = { ...ALL, json: 'json_object' }
  expect(plainerDialect(object, JSON_REQUEST, refusal('json_object'))).toEqual({ ...ALL, json: 'none' })
  expect(plainerDialect({ ...ALL, json: 'none' }, JSON_REQUEST, refusal('json_object'))).toBeNull()
  expect(plainerDialect({ ...ALL, tier: false }, PLAIN, refusal('service_tier'))).toBeNull()
  expect(plainerDialect(newer, PLAIN, refusal("unknown field 'max_completion_tokens'"))).toEqual({
    ...newer,
    cap: false,
  })
  expect(plainerDialect({ ...newer, cap: false }, PLAIN, refusal('max_tokens'))).toBeNull()
  expect(plainerDialect({ ...ALL, cap: false }, PLAIN, refusal(''))).toBeNull()
})

test.each<[string, LlmRequest, Refusal, boolean]>([
  ['OpenAI', LIMITED, refusal('max_tokens is too large: 9896. This model supports at most 4096'), true],
  ['vLLM', LIMITED, refusal("'max_completion_tokens' is 9896, the context is 8192"), true],
  ['a parameter by name', LIMITED, refusal('the maximum is 4096', { param: 'max_tokens', status: 422 }), true],
  ['another number', LIMITED, refusal('max_tokens is odd: 98961'), false],
  ['another parameter', LIMITED, refusal('temperature is too high'), false],
  ['another status', LIMITED, refusal('max_tokens is too large', { status: 500 }), false],
  ['a request without a limit', PLAIN, refusal('max_tokens is too large'), false],
])('whether the limit of a request is refused as too large: %s', (_, request, refused, expected) => {
  expect(isOutputTooLong(request, refused)).toBe(expected)
})
