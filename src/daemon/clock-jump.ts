const JUMP_MS = 30_000
const PAUSE_MS = 120_000 // longer than any timer here

/**
 * Detects that the machine slept or that its clock was set: wall clock and steady clock differ, or nothing ran for minutes. Returns
 * what happened since the previous call.
 */
export function watchClock(wall: () => number, steady: () => number): () => 'nothing' | 'slept' | 'set back' {
  let lastWall = wall()
  let lastSteady = steady()
  return () => {
    const passed = steady() - lastSteady
    const jump = wall() - lastWall - passed
    lastWall += jump + passed
    lastSteady += passed
    if (jump < -JUMP_MS) return 'set back'
    return jump > JUMP_MS || passed > PAUSE_MS ? 'slept' : 'nothing'
  }
}
