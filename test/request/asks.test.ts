import { expect, test } from 'vitest'
import { asksHowAdded, isQuestion } from '../../src/request/asks.ts'

test.each([
  ['Where are prices rounded?', true],
  ['how does the cart work', true],
  ['Is the VAT included?', true],
  ['Add a CSV output format', false],
  ['Can you add a CSV output format?', false],
  ['Could there be a dark theme?', false],
  ['A flag\n\nHow should it be called?', false],
])('a question about the code: %j is %s', (request, is) => {
  expect(isQuestion(request)).toBe(is)
})

test.each([
  ['How is a new formatter registered?', true],
  ['What must I do to add a command?', true],
  ['Where do I add a command?', true],
  ['How is a formatter added?', true],
  ['How are prices rounded?', false],
  ['How is the value added tax worked out?', false],
  ['Where are commands registered?', false],
])('how such a thing is usually made is asked: %j is %s', (question, asks) => {
  expect(asksHowAdded(question)).toBe(asks)
})
