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
/** A name's size in pixels, as far as others keep away from it. */
const [WIDE, HIGH] = [54, 15];

/** Lay out terms given in pixels, from the origin; none where fewer than two can be seen. */
export function termArrows(terms: readonly { readonly name: string; readonly vector: Vector }[]): TermArrow[] {
  const seen = terms.filter(({ vector }) => Math.hypot(...vector) >= SHORTEST);
  if (seen.length < 2) return [];
  const normal = across(seen.reduce((sum, { vector }) => add(sum, vector, 1), [0, 0] as Vector));
  const joints: Vector[] = [];
  for (const { vector } of seen) joints.push(add(joints.at(-1) ?? [0, 0], vector, 1));
  // How far the chain of terms swings out from the straight step: too little, and the step's own arrow covers it.
  const depth = joints
    .map(([x, y]) => x * normal[0] + y * normal[1])
    .reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  const side = depth < 0 ? -1 : 1;
  const hidden = Math.abs(depth) < ASIDE;
  const start = hidden ? add([0, 0], normal, side * ASIDE) : ([0, 0] as Vector);
  const arrows: TermArrow[] = [];
  for (const [i, { name, vector }] of seen.entries()) {
    const from = i ? add(start, joints[i - 1] ?? [0, 0], 1) : start;
    const beside = add(add(from, vector, 0.5), normal, side * LABEL);
    // Terms of like length would have their names on one spot: the second goes to the other side of the step.
    const crowded = arrows.some(
      ({ label }) => Math.abs(label[0] - beside[0]) < WIDE && Math.abs(label[1] - beside[1]) < HIGH,
    );
    const label = crowded ? add(beside, normal, -side * (2 * LABEL + (hidden ? ASIDE : 0))) : beside;
    arrows.push({ name, from, by: vector, label });
  }
  return arrows;
}

function add([x, y]: Vector, [dx, dy]: Vector, times: number): Vector {
  return [x + dx * times, y + dy * times];
}

/** The unit vector at a right angle to a vector; upwards where the vector is zero. */
function across([x, y]: Vector): Vector {
  const length = Math.hypot(x, y);
  return length > 0 ? [y / length, -x / length] : [0, -1];
}
