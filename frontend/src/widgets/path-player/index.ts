/** PathPlayer: paths that Python computed, on one clock, over a landscape or blank axes. */

import { h, mathElement } from "../../core/dom";
import { formatNumber, formatPoint } from "../../core/format";
import { readInteger } from "../../core/fragment";
import type { LandscapeProgram } from "../../core/program";
import type { MethodStyle } from "../../core/theme";
import { themeOf } from "../../core/theme";
import type { View } from "../../core/view";
import { Canvas } from "../../plots/canvas";
import type { ChartLayout } from "../../plots/chart";
import { drawChart } from "../../plots/chart";
import { symbolPath } from "../../plots/swatch";
import type { Memory } from "../../shared/toolbar";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { looksOf } from "./looks";
import { PlayerPicture } from "./panels";
import type { PackedPath, PlayedPath } from "./paths";
import { frameOf, pointOf, stepOf, unpack } from "./paths";

export interface PlayerProgram {
  readonly landscape: LandscapeProgram | null;
  readonly bounds: readonly (readonly [number, number])[];
  readonly names: readonly string[];
  readonly every: number;
  readonly paths: readonly PackedPath[];
}

/** The player's state as its parts read it. */
export class Player {
  private known: { readonly program: PlayerProgram; readonly paths: readonly PlayedPath[] } | null = null;

  constructor(readonly view: View) {}

  get program(): PlayerProgram {
    return this.view.get("_programs");
  }

  get paths(): readonly PlayedPath[] {
    const { program } = this;
    if (this.known?.program !== program) this.known = { program, paths: program.paths.map(unpack) };
    return this.known.paths;
  }

  get last(): number {
    return Math.max(0, ...this.paths.map((path) => path.last));
  }

  get frame(): number {
    return Math.min(this.view.get<number | null>("frame") ?? this.last, this.last);
  }

  get styles(): readonly MethodStyle[] {
    return looksOf(
      this.paths.map(({ name }) => name),
      themeOf(this.view.root),
    );
  }

  go(frame: number | null): void {
    this.view.set({ frame });
  }
}

export function renderPathPlayer(view: View): void {
  const player = new Player(view);
  const picture = new PlayerPicture(player);
  const chart = heightChart(player);
  const table = positions(player);
  const tools = new Toolbar(view, memory(player));
  const clock = transport(
    view,
    { step: () => player.frame, last: () => player.last, go: (frame) => player.go(frame) },
    player.program.every > 1 ? "Frame" : "Step",
  );
  const { landscape } = player.program;
  const title = h(
    "div",
    { class: "gdw-title" },
    landscape ? h("strong", {}, landscape.name) : null,
    landscape ? h("span", { class: "gdw-formula" }, mathElement(landscape.math)) : null,
  );
  view.root.append(
    h("div", { class: "gdw-head" }, title, tools.element),
    h("div", { class: "gdw-stage" }, picture.element, h("div", { class: "gdw-side" }, chart.element, table.element)),
    h("div", { class: "gdw-controls" }, clock.element),
    tools.note,
  );
  const update = () => {
    table.update();
    clock.update();
    view.invalidate();
  };
  view.onChange(["frame", "_programs"], update);
  view.onChange(["frame"], () => view.live.say(spokenFrame(player)));
  update();
  view.paint(() => {
    picture.paint();
    chart.paint();
  });
}

function spokenFrame(player: Player): string {
  const { frame, program } = player;
  return player.paths
    .map((path) => `${path.name}, step ${stepOf(path, frame, program.every)}: ${formatPoint(pointOf(path, frame))}.`)
    .join(" ");
}

/** The cost against the step, where it is known; pointing at it moves the clock. */
function heightChart(player: Player): { element: HTMLElement; paint(): void } {
  const { view } = player;
  const canvas = new Canvas(view, "gdw-canvas gdw-seek");
  let layout: ChartLayout | null = null;
  const seek = (event: PointerEvent) => {
    if (!layout) return;
    const frame = Math.round(layout.x.invert(event.offsetX) / player.program.every);
    player.go(Math.max(0, Math.min(player.last, frame)));
  };
  view.listen(canvas.element, "pointerdown", seek);
  view.listen(canvas.element, "pointermove", (event) => {
    if (event.buttons) seek(event);
  });
  const known = player.paths.some((path) => path.heights);
  return {
    element: h("div", { class: "gdw-chart", hidden: !known }, canvas.element),
    paint() {
      const { every } = player.program;
      const { paths, styles } = player;
      const curves = paths.flatMap((path, i) => {
        const style = styles[i];
        return path.heights && style
          ? [{ ys: path.heights, xs: path.heights.map((_, k) => stepOf(path, k, every)), style }]
          : [];
      });
      const positive = curves.every(({ ys }) => ys.every((y) => y > 0));
      canvas.draw((context, size) => {
        layout = drawChart(context, size, themeOf(view.root), {
          curves,
          last: Math.max(...paths.map((path) => path.steps)),
          at: player.frame * every,
          log: positive,
          yLabel: "J",
          xLabel: "step",
        });
      });
    },
  };
}

/** Where each path is, as numbers. */
function positions(player: Player): { element: HTMLElement; update(): void } {
  const body = h("tbody");
  const withHeights = player.paths.some((path) => path.heights);
  const names = ["path", "step", "point", ...(withHeights ? ["J"] : [])];
  const head = h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name)));
  return {
    element: h("table", { class: "gdw-table" }, h("thead", {}, head), body),
    update() {
      const { frame, styles, program } = player;
      body.replaceChildren(
        ...player.paths.map((path, i) => {
          const style = styles[i] as MethodStyle;
          const name = h("th", { scope: "row" }, symbolPath(style), path.name);
          name.style.setProperty("--colour", style.colour);
          const cost = path.heights?.[frameOf(path, frame)];
          const cells = [
            String(stepOf(path, frame, program.every)),
            formatPoint(pointOf(path, frame)),
            ...(withHeights ? [cost === undefined ? "" : formatNumber(cost)] : []),
          ];
          return h("tr", {}, name, ...cells.map((text) => h("td", {}, text)));
        }),
      );
    },
  };
}

function memory(player: Player): Memory {
  return {
    traits: ["frame"],
    write: () => new Map(player.frame < player.last ? [["frame", String(player.frame)]] : []),
    read(fields) {
      const frame = readInteger(fields.get("frame"), 0, player.last);
      return frame === null ? null : { frame };
    },
  };
}
