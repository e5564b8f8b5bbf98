import { expect, test } from 'vitest'
import { findProtected } from '../../src/edit/find-protected.ts'

// With a HEAD beside it, 'commondir' leads git to settings in another folder. The others: an editor starts what they name.
test.each([
  'x/commondir',
  'x/COMMONDIR',
  '.helix/languages.toml',
  '.bsp/server.json',
  '.nvim/init.lua',
  'hie.yaml',
  '.project',
  '.aiassistant/rules/a.md',
])('%s is protected', (path) => expect(findProtected(path)).not.toBeNull())
