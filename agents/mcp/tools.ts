import { explain } from './explain.ts'
import { find } from './find.ts'
import { prepareChange } from './prepare-change.ts'
import { showPlaces } from './show-places.ts'
import type { Tool } from './tool.ts'
import { whatChangesWith } from './what-changes-with.ts'

/** Every tool, in the order in which an agent needs them. */
export const TOOLS: readonly Tool[] = [prepareChange, showPlaces, whatChangesWith, explain, find]
