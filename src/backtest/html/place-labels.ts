interface Point {
  readonly x: number
  readonly y: number
}

// Offsets from the dot to the middle of its label's baseline: right, left, above, below, then the corners.
const PLACES = [
  [15, 4],
  [-15, 4],
  [0, -10],
  [0, 18],
  [14, -7],
  [-14, -7],
  [14, 15],
  [-14, 15],
] as const
const NEAR_X = 17 // a label of two digits beside another
const NEAR_Y = 11
const DOT_X = 13 // beside a dot
const DOT_Y = 10

/**
 * Positions of the labels of dots (middle of their baselines) that cover neither another label nor a dot, if there is room. O(dots
 * squared).
 */
export function placeLabels(dots: readonly Point[]): Point[] {
  const placed: Point[] = []
  for (const dot of dots) {
    const at = ([dx, dy]: readonly [number, number]) => ({ x: dot.x + dx, y: dot.y + dy })
    const hidden = ({ x, y }: Point) =>
      placed.filter((one) => Math.abs(one.x - x) < NEAR_X && Math.abs(one.y - y) < NEAR_Y).length +
      dots.filter((one) => one !== dot && Math.abs(one.x - x) < DOT_X && Math.abs(one.y - (y - 4)) < DOT_Y).length
    const places = PLACES.map(at)
    placed.push(places.reduce((best, one) => (hidden(one) < hidden(best) ? one : best)))
  }
  return placed.map(({ x, y }) => ({ x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 }))
}
