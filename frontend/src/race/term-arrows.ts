/** Where the arrows of a step's terms go: one after the other, and beside the step where they would hide it. */

export type Vector = readonly [number, number];

export interface TermArrow {
  readonly name: string;
  readonly from: Vector;
  readonly by: Vector;
  /** The middle of its name. */
  readonly label: Vector;
}

const SHORTEST = 2;
const ASIDE = 9;
const LABEL = 13;

/** Lay out terms given in pixels, from the origin; none where fewer than two can be seen. */
export function termArrows(terms: readonly { readonly name: string; readonly vector: Vector }[]): TermArrow[] {
  const seen = terms.filter(({ vector }) => Math.hypot(...vector) >= SHORTEST);
  if (seen.length < 2) return [];
  const normal = across(seen.reduce((sum, { vector }) => add(sum, vector, 1), [0, 0] as Vector));
  const joints = seen.reduce<Vector[]>((found, { vector }) => [...found, add(found.at(-1) ?? [0, 0], vector, 1)], []);
  const depth = joints.map(([x, y]) => x * normal[0] + y * normal[1]).reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  const side = depth < 0 ? -1 : 1;
  const hidden = Math.abs(depth) < ASIDE;
  const start = hidden ? add([0, 0], normal, side * ASIDE) : ([0, 0] as Vector);
  return seen.map(({ name, vector }, i) => {
    const from = i ? add(start, joints[i - 1] ?? [0, 0], 1) : start;
    // Names of arrows along one line stand on its two sides.
    const away = hidden && i % 2 ? -side * (ASIDE + LABEL) : side * LABEL;
    return { name, from, by: vector, label: add(add(from, vector, 0.5), normal, away) };
  });
}

function add([x, y]: Vector, [dx, dy]: Vector, times: number): Vector {
  return [x + dx * times, y + dy * times];
}

/** The unit vector at a right angle to a vector; upwards where the vector is zero. */
function across([x, y]: Vector): Vector {
  const length = Math.hypot(x, y);
  return length > 0 ? [y / length, -x / length] : [0, -1];
}
