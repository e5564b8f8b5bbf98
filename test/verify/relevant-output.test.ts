import fc from 'fast-check'
import { expect, test } from 'vitest'
import { relevantOutput } from '../../src/verify/relevant-output.ts'

const noise = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `compiling module number ${from + i} of the project`)

test('a short output comes back as it is', () => {
  expect(relevantOutput('a\nb')).toBe('a\nb')
})

test('the lines around a failure and the last lines are kept, gaps are marked', () => {
  const failure = [
    'FAIL test/cart.test.ts > total',
    'AssertionError: expected 3 to be 4',
    '  - Expected 4',
    '  + Received 3',
  ]
  const output = [...noise(0, 200), ...failure, ...noise(200, 200), 'Tests  1 failed | 7 passed'].join('\n')
  const shown = relevantOutput(output)
  expect(shown).toContain(failure.join('\n'))
  expect(shown).toContain('number 199 of')
  expect(shown.endsWith('Tests  1 failed | 7 passed')).toBe(true)
  expect(shown.startsWith('...\n')).toBe(true)
  expect(shown.length).toBeLessThanOrEqual(3000)
})

test('tracebacks of Python, messages of compilers and TAP are failures', () => {
  for (const line of [
    'Traceback (most recent call last):',
    'E       assert 1 == 2',
    'src/a.c:12:5: error: expected ‘;’',
    'error[E0308]: mismatched types',
    'not ok 3 - adds',
    "thread 'main' panicked at src/main.rs:4",
    "src/a.ts(3,1): Cannot find name 'x'.",
    '  ✗ adds',
  ]) {
    const output = [...noise(0, 300), line, ...noise(300, 300)].join('\n')
    expect(relevantOutput(output), line).toContain(line)
  }
})

test('a summary that all is well is no failure', () => {
  const output = [...noise(0, 300), 'Found 0 errors. Watching.', ...noise(300, 300)].join('\n')
  expect(relevantOutput(output)).not.toContain('Found 0 errors')
})

test('without words of failure it is the end', () => {
  const output = noise(0, 500).join('\n')
  const shown = relevantOutput(output)
  expect(output.endsWith(shown)).toBe(true)
  expect(shown.length).toBeGreaterThan(2500)
})

test('the first of many failures comes first, and frames of libraries are left out', () => {
  const many = Array.from(
    { length: 300 },
    (_, i) => `Error: failure number ${i}\n    at f (/p/node_modules/x/i.js:1:1)`,
  )
  const shown = relevantOutput(many.join('\n'))
  expect(shown).toContain('failure number 0\n')
  expect(shown).toContain('failure number 299')
  expect(shown).not.toContain('node_modules')
})

test('property: never longer than the limit, whatever comes in', () => {
  const line = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constant('Error: x'),
    fc.string({ minLength: 400, maxLength: 900 }),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), fc.integer({ min: 0, max: 800 }), (lines, limit) => {
      expect(relevantOutput(lines.join('\n'), limit).length).toBeLessThanOrEqual(limit)
    }),
    { numRuns: 300 },
  )
})
