import { expect, test } from 'vitest'
import { plainText } from '../../src/repo/plain-text.ts'

test('what steers a terminal is blank; lines, tabs and other scripts stay', () => {
  expect(plainText('feat: \x1b[31mred\x1b[0m\x07 \x9b2J')).toBe('feat: red   2J')
  expect(plainText('é\tä\r\n日本')).toBe('é\tä\r\n日本')
})
