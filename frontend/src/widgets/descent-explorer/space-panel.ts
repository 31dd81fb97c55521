/** The explorer's view in space: the same paths on the lit surface, turned by drag and keys. */

import { ARROWS } from "../../core/controls";
import { h } from "../../core/dom";
import type { Camera, Look, Point3, Surface } from "../../core/host";
import type { Panel } from "../../core/part";
import type { Theme } from "../../core/theme";
import { rgb, themeOf } from "../../core/theme";
import { Canvas } from "../../plots/canvas";
import { drawMarker, drawPath, drawStar, drawStart } from "../../plots/marks";
import { ground, HEIGHT } from "../../plots/scene";
import type { Race, RacerRun } from "../../shared/race";
import type { Relief } from "./relief";
import { isHidden, reliefOf } from "./relief";

const FIRST: Camera = { turn: -0.55, rise: 0.62 };
const KEY_TURN = 0.12;
const BANDS = 11.5;
const ABOVE = 0.006;

const MISSING = "The view in space needs WebGL 2, which this browser does not offer; the map stays.";
const LOST =
  "The browser has taken its graphics away from the view in space; the map stays. Tick “In space” to try again.";

export class SpacePanel implements Panel {
  readonly element: HTMLElement;
  private canvas = h("canvas", { class: "gdw-canvas", "aria-hidden": "true" });
  private readonly overlay: Canvas;
  private readonly note = h("p", { class: "gdw-space-note" });
  private surface: Surface | null = null;
  private state: "unasked" | "asked" | "missing" = "unasked";
  private camera = FIRST;

  /** `say` tells the reader why the map stays. */
  constructor(
    private readonly race: Race,
    private readonly say: (text: string) => void,
  ) {
    const { view } = race;
    this.overlay = new Canvas(view, "gdw-canvas");
    this.element = h(
      "div",
      {
        class: "gdw-map gdw-space",
        tabindex: 0,
        role: "group",
        "aria-label": "The landscape in space. Arrow keys turn it.",
      },
      this.canvas,
      this.overlay.element,
      this.note,
    );
    view.listen(this.element, "pointerdown", (event) => this.element.setPointerCapture(event.pointerId));
    view.listen(this.element, "pointermove", (event) => {
      if (this.element.hasPointerCapture(event.pointerId)) this.turn(-event.movementX / 160, event.movementY / 200);
    });
    view.listen(this.element, "keydown", (event) => {
      const direction = ARROWS.get(event.key);
      if (!direction || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.turn(direction[0] * KEY_TURN, direction[1] * KEY_TURN);
    });
    view.onDispose(() => this.surface?.dispose());
  }

  update(): void {
    const open = this.race.view.get("view") === "surface";
    this.element.hidden = !open;
    if (!open || this.state === "asked") return;
    if (this.state === "missing") this.stayOnMap(MISSING);
    else void this.load();
  }

  /** Without WebGL, or without its script, the map stays: that is no failure of the figure. */
  private async load(): Promise<void> {
    this.state = "asked";
    const { view } = this.race;
    try {
      const { createSurface } = await view.host.loadSurface();
      view.listen(this.canvas, "webglcontextlost" as keyof HTMLElementEventMap, () => this.renew());
      this.surface = createSurface(this.canvas);
      view.invalidate();
    } catch {
      this.state = "missing";
      this.stayOnMap(MISSING);
    }
  }

  /** A lost context does not come back to its canvas: take another one for the next time. */
  private renew(): void {
    const canvas = h("canvas", { class: "gdw-canvas", "aria-hidden": "true" });
    this.canvas.replaceWith(canvas);
    this.canvas = canvas;
    this.surface = null;
    this.state = "unasked";
    this.stayOnMap(LOST);
  }

  private stayOnMap(why: string): void {
    const { view } = this.race;
    if (view.get("view") !== "surface") return;
    view.set({ view: "map" });
    this.say(why);
  }

  private turn(by: number, rise: number): void {
    this.camera = { turn: this.camera.turn + by, rise: Math.min(1.5, Math.max(0.08, this.camera.rise + rise)) };
    this.race.view.invalidate();
  }

  paint(): void {
    const { surface } = this;
    if (!surface || this.element.hidden) return;
    const theme = themeOf(this.race.view.root);
    const relief = reliefOf(this.race.landscape);
    this.note.textContent = relief.squeezed ? "Heights are squeezed as the contour levels are." : "";
    surface.draw(relief, lookOf(theme), this.camera);
    this.overlay.draw((context) => {
      for (const minimum of this.race.program.minima) {
        const [x, y] = this.place(surface, relief, minimum);
        drawStar(context, x, y, theme);
      }
      for (const run of this.race.runs) this.drawRun(context, run, surface, relief, theme);
      const [x, y] = this.place(surface, relief, this.race.start);
      drawStart(context, x, y, theme);
    });
  }

  /** A point of the landscape in the scene, a little above the ground. */
  private lift(relief: Relief, [x = 0, y = 0]: readonly number[]): Point3 {
    const [[x0, x1] = [0, 1], [y0, y1] = [0, 1]] = this.race.program.bounds;
    const [width, depth] = ground(relief.shape);
    const height = relief.height(this.race.landscape.value(x, y));
    return [((x - x0) / (x1 - x0) - 0.5) * width, HEIGHT * height + ABOVE, (0.5 - (y - y0) / (y1 - y0)) * depth];
  }

  private place(surface: Surface, relief: Relief, point: readonly number[]): readonly [number, number] {
    return surface.project(this.lift(relief, point), this.camera);
  }

  /** The path as far as the step shown; faint where the ground hides it; cut where it leaves the ground. */
  private drawRun(
    context: CanvasRenderingContext2D,
    { name, run }: RacerRun,
    surface: Surface,
    relief: Relief,
    theme: Theme,
  ): void {
    const style = theme.method(name);
    const eye = surface.eye(this.camera);
    // In pieces, for a canvas strokes a whole path at one strength; each begins where the last one ended.
    let piece: number[] = [];
    let faint = false;
    const flush = () => {
      drawPath(context, piece, style, theme, faint);
      piece = piece.slice(-2);
    };
    const last = Math.min(this.race.step, run.steps);
    let end: readonly [number, number] | null = null;
    for (let k = 0; k <= last; k++) {
      const point = [run.points[2 * k] ?? NaN, run.points[2 * k + 1] ?? NaN];
      end = this.inside(point) ? this.place(surface, relief, point) : null;
      if (!end) {
        flush();
        piece = [];
        continue;
      }
      const hidden = isHidden(relief, ground(relief.shape), HEIGHT, this.lift(relief, point), eye);
      if (hidden !== faint && piece.length) flush();
      faint = hidden;
      piece.push(...end);
    }
    flush();
    if (end) drawMarker(context, ...end, style, theme);
  }

  private inside(point: readonly number[]): boolean {
    return this.race.program.bounds.every(([low, high], i) => (point[i] ?? NaN) >= low && (point[i] ?? NaN) <= high);
  }
}

function lookOf(theme: Theme): Look {
  const unit = (colour: string) =>
    (rgb(colour) ?? [128, 128, 128]).map((c) => c / 255) as unknown as readonly [number, number, number];
  return { colours: theme.map.map(unit), line: theme.dark ? [0.75, 0.85, 0.88] : [0.15, 0.3, 0.35], bands: BANDS };
}
