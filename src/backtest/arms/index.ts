import type { Arm } from '../arm.ts'
import { bm25 } from './bm25.ts'
import { bm25CoChange } from './bm25-co-change.ts'
import { paths } from './paths.ts'
import { repose } from './repose.ts'

/** Every arm, the simplest first. */
export const ARMS: readonly Arm[] = [paths, bm25, bm25CoChange, repose]
