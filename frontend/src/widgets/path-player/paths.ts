/** Paths as Python packed them, and where each is at a frame of their common clock. */

export interface PackedPath {
  readonly name: string;
  readonly steps: number;
  /** The size of one whole number along each axis. */
  readonly unit: readonly [number, number];
  /** Differences of whole numbers, x and y by turns; the first pair counts from zero. */
  readonly moves: readonly number[];
  readonly heights?: readonly number[];
  /** How many corners a closed curve beside it has, and all their corners, packed as the points are. */
  readonly corners?: number;
  readonly outlines?: readonly number[];
}

export interface PlayedPath {
  readonly name: string;
  readonly steps: number;
  /** x and y by turns, one pair a frame. */
  readonly points: Float64Array;
  readonly heights: readonly number[] | null;
  /** The last frame at which it moves. */
  readonly last: number;
  /** A closed curve a frame: x and y by turns; none for a path without. */
  readonly outlines: readonly Float64Array[];
}

export function unpack(path: PackedPath): PlayedPath {
  const points = sums(path.moves, path.unit);
  const { name, steps, heights = null, corners = 1 } = path;
  const all = sums(path.outlines ?? [], path.unit);
  const outlines = Array.from({ length: all.length / (2 * corners) }, (_, k) =>
    all.subarray(2 * corners * k, 2 * corners * (k + 1)),
  );
  return { name, steps, points, heights, last: points.length / 2 - 1, outlines };
}

/** A path before its first move. */
export function startOf(path: PlayedPath): PlayedPath {
  return { ...path, points: path.points.subarray(0, 2), heights: path.heights?.slice(0, 1) ?? null, last: 0 };
}

function sums(moves: readonly number[], unit: readonly [number, number]): Float64Array {
  const points = new Float64Array(moves.length);
  const sum = [0, 0];
  moves.forEach((move, i) => {
    const axis = (i % 2) as 0 | 1;
    sum[axis] = (sum[axis] ?? 0) + move;
    points[i] = (sum[axis] ?? 0) * unit[axis];
  });
  return points;
}

/** The frame that a path shows: its own last one once it has ended. */
export function frameOf(path: Pick<PlayedPath, "last">, frame: number): number {
  return Math.min(frame, path.last);
}

export function pointOf(path: PlayedPath, frame: number): [number, number] {
  const k = frameOf(path, frame);
  return [path.points[2 * k] ?? NaN, path.points[2 * k + 1] ?? NaN];
}

/** The step that a frame stands for; the last frame is the last step, wherever that falls. */
export function stepOf(path: Pick<PlayedPath, "last" | "steps">, frame: number, every: number): number {
  return Math.min(frameOf(path, frame) * every, path.steps);
}
