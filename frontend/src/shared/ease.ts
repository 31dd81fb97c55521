/** Let the markers glide from one step to the next instead of jumping, unless the reader wants less motion. */

import type { View } from "../core/view";

const MILLISECONDS = 160;

/** A number that follows another: a change of one step glides, a larger one jumps. */
export class Eased {
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");
  private shown: number;
  private moving = false;

  constructor(
    private readonly view: View,
    private readonly target: () => number,
  ) {
    this.shown = target();
  }

  get value(): number {
    const goal = this.target();
    if (this.still.matches || Math.abs(goal - this.shown) > 1.5) this.shown = goal;
    if (this.shown !== goal && !this.moving) this.glide();
    return this.shown;
  }

  private glide(): void {
    this.moving = true;
    this.view.animate((elapsed) => {
      const goal = this.target();
      const step = elapsed / MILLISECONDS;
      this.shown = Math.abs(goal - this.shown) <= step ? goal : this.shown + Math.sign(goal - this.shown) * step;
      this.moving = this.shown !== goal;
      this.view.invalidate();
      return this.moving;
    });
  }
}

/** The point between two iterates. */
export function between(points: ArrayLike<number>, n: number, step: number): number[] {
  const k = Math.floor(step);
  const share = step - k;
  return Array.from({ length: n }, (_, i) => {
    const here = points[k * n + i] ?? NaN;
    const next = points[(k + 1) * n + i] ?? here;
    return share ? here + share * (next - here) : here;
  });
}
