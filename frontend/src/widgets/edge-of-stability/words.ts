/** What is true of a training at one moment. */

import { counted, formatNumber } from "../../core/format";

export interface Moment {
  readonly step: number;
  readonly last: number;
  readonly loss: number;
  readonly rises: number;
  readonly sharpness: number;
  /** 2/η. */
  readonly edge: number;
  readonly diverged: boolean;
}

/** A sharpness this close to 2/η, relatively, counts as on the edge. */
const NEAR = 0.03;

export function edgeWords({ sharpness, edge }: Pick<Moment, "sharpness" | "edge">): string {
  const ratio = sharpness / edge;
  if (Math.abs(ratio - 1) <= NEAR) return "within 3 % of 2/η: on the edge";
  return ratio < 1
    ? "below 2/η: on a parabola as sharp as this, steps at this rate settle"
    : "above 2/η: on a parabola as sharp as this, steps at this rate grow";
}

export function momentWords(moment: Moment, write: (x: number) => string = formatNumber): string {
  const { step, rises, sharpness, edge, diverged } = moment;
  const taken = step
    ? `The loss rose in ${rises} of ${counted(step, "step")}, and is ${write(moment.loss)} now.`
    : `Not trained yet: the loss is ${write(moment.loss)}.`;
  if (diverged) return `${taken} Diverged: step ${step + 1} leads to no finite loss.`;
  return `${taken} Sharpness ${write(sharpness)} is ${edgeWords({ sharpness, edge })}.`;
}
