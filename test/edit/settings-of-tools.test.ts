import { expect, test } from 'vitest'
import { findProtected } from '../../src/edit/find-protected.ts'

// 'commondir' beside a HEAD makes git read settings of another folder. Of the others, editors and agents start what they name.
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
