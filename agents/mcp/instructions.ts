import { readAsset } from '../../src/assets.ts'

/** What a server tells the models of its clients. canImplement: it has implement_change. */
export function instructions(canImplement: boolean): string {
  return readAsset(`agents/mcp/${canImplement ? 'instructions-implement' : 'instructions'}.md`).trim()
}
