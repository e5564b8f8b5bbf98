import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { replySchema } from '../../../agents/sleep/reply-schema.ts'
import { PACKAGE_ROOT } from '../../../src/assets.ts'
import { wordsOfFile } from '../../../src/summary/kinds/file.ts'
import { renderSummary, SUMMARY_KINDS, type SummaryKindId } from '../../../src/summary/kinds/index.ts'
import { promptOf, type Zod } from '../../../src/summary/summary-kind.ts'
import { countTokens } from '../../../src/tokens/tokens.ts'

const LONG = 'A rather long sentence about prices, taxes and `refundOrder` that goes on for many words. '.repeat(9)
const MANY = Array.from({ length: 40 }, (_, n) => n)
const REPLIES: Record<SummaryKindId, object> = {
  symbol: { does: LONG },
  file: {
    purpose: LONG,
    changesWith: LONG,
    watchOut: LONG,
    concepts: MANY.map((n) => `term ${n}`),
    symbols: [{ name: 'a'.repeat(90_000), does: LONG }, ...MANY.map((n) => ({ name: `s${n}`, does: LONG }))],
  },
  module: { purpose: LONG, parts: MANY.map((n) => ({ name: `p${n}`, does: LONG })), howToExtend: LONG },
  repository: {
    purpose: LONG,
    layout: MANY.map((n) => ({ path: `p${n}`, holds: LONG })),
    conventions: MANY.map(() => LONG),
  },
}

describe.each(Object.keys(SUMMARY_KINDS) as SummaryKindId[])('%s', (id) => {
  const kind = SUMMARY_KINDS[id] as {
    id: string
    prompt: string | null
    reply: (zod: Zod) => z.ZodType<object>
    empty: object
    tidy(reply: object): object
  }

  test('is kept under its own name, and its prompt ships', () => {
    expect(kind.id).toBe(id)
    if (kind.prompt === null) expect(() => promptOf(SUMMARY_KINDS[id])).toThrow()
    else {
      expect(existsSync(join(PACKAGE_ROOT, kind.prompt))).toBe(true)
      expect(promptOf(SUMMARY_KINDS[id]).length).toBeGreaterThan(100)
    }
  })

  test('asks for a JSON document that is strict at every level', () => {
    const objects: Record<string, unknown>[] = []
    const visit = (value: unknown) => {
      if (!value || typeof value !== 'object') return
      if ((value as { type?: unknown }).type === 'object') objects.push(value as Record<string, unknown>)
      Object.values(value).forEach(visit)
    }
    visit(replySchema(kind.reply(z)))
    expect(objects.length).toBeGreaterThan(0)
    for (const { properties, required, additionalProperties } of objects) {
      expect(additionalProperties).toBe(false)
      expect(required).toEqual(Object.keys(properties as object))
    }
  })

  test('each field that a model writes has a reader: it is told to who asks for this subject, or searched for', () => {
    const fields = Object.keys(kind.empty).filter((field) => field !== 'names')
    expect(Object.keys(SUMMARY_KINDS[id].readBy).sort()).toEqual([...fields].sort())
    const tidy = kind.tidy(kind.reply(z).parse(REPLIES[id])) as Record<string, unknown>
    const marked = structuredClone({ ...tidy, names: [] }) as Record<string, unknown>
    for (const field of fields) mark(marked, field)
    const read = renderSummary(id, marked, 'whole')! + (id === 'file' ? wordsOfFile(marked as never) : '')
    for (const field of fields) expect(read).toContain(`mark-of-${field}`)
  })

  /** Puts a word at the end of the last text of a field. */
  function mark(body: Record<string, unknown>, field: string) {
    const value = body[field]
    const word = `mark-of-${field}`
    if (!Array.isArray(value)) body[field] = `${value} ${word}`
    else if (typeof value.at(-1) === 'string') value[value.length - 1] += ` ${word}`
    else {
      const last = value.at(-1) as Record<string, string>
      last[Object.keys(last).at(-1)!] += ` ${word}`
    }
  }

  test('cuts what is too long, and an agent reads it on one line of few tokens', () => {
    const tidy = kind.tidy(kind.reply(z).parse(REPLIES[id]))
    const text = renderSummary(id, { ...tidy, names: [] })!
    expect(text).not.toContain('\n')
    expect(countTokens(text)).toBeLessThanOrEqual({ symbol: 30, file: 60, module: 160, repository: 300 }[id])
    for (const list of Object.values(tidy)) if (Array.isArray(list)) expect(list.length).toBeLessThanOrEqual(20)
  })

  test('a body that says nothing has the keys that a model is asked for', () => {
    const { names: _, ...asked } = kind.empty as { names?: unknown }
    expect(kind.reply(z).parse(asked)).toEqual(asked)
    expect(replySchema(kind.reply(z)).required).toEqual(Object.keys(asked))
  })

  test('says nothing of a body that is empty or of another shape', () => {
    expect(renderSummary(id, kind.empty)).toBeNull()
    expect(renderSummary(id, { other: 'shape' })).toBeNull()
    expect(renderSummary(id, { ...kind.empty, [Object.keys(kind.empty)[0]!]: ['a list'] })).toBeNull()
    expect(renderSummary(id, null)).toBeNull()
  })
})

test('a file reads as its purpose, what changes with it, and what to watch out for', () => {
  const body = {
    purpose: 'keeps prices',
    changesWith: 'the price list',
    watchOut: 'Rounding.',
    concepts: ['levy'],
    symbols: [{ name: 'a', does: 'adds' }],
  }
  expect(renderSummary('file', body)).toBe('keeps prices. Changes with: the price list. Careful: Rounding.')
  expect(wordsOfFile(body)).toBe('keeps prices\nthe price list\nRounding.\nlevy\nadds')
})
