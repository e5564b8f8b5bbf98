import { expect, test } from 'vitest'
import { statementEnd } from '../../src/edit/statement-end.ts'

test.each<[string, number]>([
  ["import a from 'a'\nimport b from 'b'", 0],
  ['import {\n  a,\n  b,\n} from "a"\nx', 3],
  ['from a import (  # the ) of a remark\n  b,\n)\nx', 2],
  ['import { // a } here ends nothing\n  a,\n} from "a"', 2],
  ["import a from 'a(b'\nx", 0],
  ['import a from "a{b"\nx', 0],
  ['from a import b, \\\n  c\nx', 1],
  ['use a::{b, c::{d,\n  e}};\nx', 1],
  ['import a from "a#{x"\nx', 0],
  ['#include <a.h>\nx', 0],
  ['import (\n  "a"', 0], // nothing ends it
])('%j ends on line %i', (text, end) => {
  expect(statementEnd(text.split('\n'), 0)).toBe(end)
})

test('a statement further down ends from there', () => {
  expect(statementEnd(['a(', ')', 'import {', '  b }', 'x'], 2)).toBe(3)
})
