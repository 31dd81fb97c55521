/** The size of the scene in space: what paints it and what places points in it must agree, in two scripts. */

/** Of the highest point, over a ground whose longer side is 1. */
export const HEIGHT = 0.55;

/** Width and depth of the ground: the longer is 1. */
export function ground(shape: number): readonly [number, number] {
  return shape > 1 ? [1, 1 / shape] : [shape, 1];
}
