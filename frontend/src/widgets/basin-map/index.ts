/** BasinMap: which minimum every start reaches, and how soon, under any method. */

import { select, slider } from "../../core/controls";
import { pointAt } from "../../core/descent";
import { h, mathElement } from "../../core/dom";
import { formatPoint } from "../../core/format";
import type { View } from "../../core/view";
import { drawContours } from "../../plots/map";
import { drawMarker, drawPath, drawStart, drawSteps } from "../../plots/marks";
import type { Stage } from "../../plots/plane";
import { Plane } from "../../plots/plane";
import { spokenRuns } from "../../shared/ending-words";
import { methodChips, methodSliders } from "../../shared/method-controls";
import type { RacerRun } from "../../shared/race";
import { RACE_TRAITS, Race } from "../../shared/race";
import { MOST_STEPS, raceMemory } from "../../shared/race-link";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { basinLetter, paintBasins } from "./colours";
import type { BasinPass } from "./engine";
import { DIVERGED, FIRST } from "./engine";
import { Basins, COLUMNS, ROWS } from "./state";
import { basinTable, spokenBasins } from "./table";

const NO_MORE = { traits: [], write: () => {}, read: () => true };

export function renderBasinMap(view: View): void {
  const race = new Race(view);
  const basins = new Basins(race, () => {
    if (basins.pass?.block === 1) view.live.say(spokenBasins(race, basins.pass));
    update();
  });
  const plane = basinPlane(race, basins);
  const table = basinTable(race, basins);
  const tools = new Toolbar(view, raceMemory(race, NO_MORE));
  const head = heading(race);
  const play = transport(view, { step: () => race.step, last: () => race.steps, go: (step) => view.set({ step }) });
  const parts = [head, plane, table, play, methodChips(race), methodSliders(race), stepsSlider(race)];
  view.root.append(
    h("div", { class: "gdw-head" }, head.element, tools.element),
    h("div", { class: "gdw-stage" }, plane.element, h("div", { class: "gdw-side" }, table.element)),
    h("div", { class: "gdw-controls" }, ...parts.slice(3).map((part) => part.element)),
    tools.note,
  );
  const update = () => {
    parts.forEach((part) => part.update());
    view.invalidate();
  };
  view.onChange([...RACE_TRAITS, "_programs"], update);
  view.onChange(["landscape", "optimizers", "start", "steps"], () => view.live.say(spokenRuns(race.runs, race.step)));
  update();
  view.paint(() => {
    basins.ask();
    plane.paint();
  });
}

function heading(race: Race): { element: HTMLElement; update(): void } {
  const choose = select(race.view, {
    label: "Landscape",
    options: () => race.programs.landscapes.map(({ name }) => [name, name] as const),
    value: () => race.program.name,
    change: (name) => race.chooseLandscape(name),
  });
  const formula = h("span", { class: "gdw-formula" });
  let shown = "";
  return {
    element: h("div", { class: "gdw-title" }, choose.element, formula),
    update() {
      choose.update();
      const { name, math } = race.program;
      if (name !== shown) formula.replaceChildren(mathElement(math) ?? "");
      shown = name;
    },
  };
}

function stepsSlider(race: Race): { element: HTMLElement; update(): void } {
  const steps = slider(race.view, {
    label: "steps",
    low: 1,
    high: MOST_STEPS,
    scale: "log",
    format: String,
    value: () => race.steps,
    change: (value) => race.view.set({ steps: Math.max(1, Math.round(value)), step: null }),
  });
  return { element: h("div", { class: "gdw-options" }, steps.element), update: () => steps.update() };
}

/** Which basin a point lies in, as far as the map is known. */
export function basinAt(race: Race, pass: BasinPass | null, [x = 0, y = 0]: readonly number[]): number {
  const [[x0, x1] = [0, 1], [y0, y1] = [0, 1]] = race.program.bounds;
  const column = Math.min(COLUMNS - 1, Math.max(0, Math.floor(((x - x0) / (x1 - x0)) * COLUMNS)));
  const row = Math.min(ROWS - 1, Math.max(0, Math.floor(((y1 - y) / (y1 - y0)) * ROWS)));
  return pass?.owner[row * COLUMNS + column] ?? 0;
}

function basinPlane(race: Race, basins: Basins): Plane {
  const picture = new BasinPicture();
  return new Plane(race.view, {
    label: "Start of the paths",
    describe: () => `${formatPoint(race.start)}, ${fate(basinAt(race, basins.pass, race.start))}`,
    bounds: () => race.program.bounds,
    names: () => race.program.variables,
    point: () => race.start,
    move: (start) => race.view.set({ start }),
    draw(stage) {
      if (basins.pass) picture.draw(stage, basins.pass, race);
      for (const run of race.runs) drawRun(stage, run, race.step);
      drawLetters(stage, basins.pass);
      drawStart(stage.context, ...stage.at(race.start), stage.theme);
    },
  });
}

function fate(owner: number): string {
  if (owner >= FIRST) return `in the basin of minimum ${basinLetter(owner - FIRST)}`;
  return owner === DIVERGED ? "from where runs diverge" : "from where runs are still going";
}

/** Keeps the coloured cells until they, the theme or the landscape change. */
class BasinPicture {
  private readonly cells = document.createElement("canvas");
  private key: readonly unknown[] = [];

  draw({ context, frame, theme }: Stage, pass: BasinPass, race: Race): void {
    const key = [pass, theme];
    if (key.some((part, i) => part !== this.key[i])) {
      this.cells.width = COLUMNS;
      this.cells.height = ROWS;
      this.cells.getContext("2d")?.putImageData(paintBasins(pass, COLUMNS, ROWS, race.steps, theme), 0, 0);
      this.key = key;
    }
    context.imageSmoothingEnabled = pass.block === 1;
    context.drawImage(this.cells, frame.left, frame.top, frame.width, frame.height);
    context.imageSmoothingEnabled = true;
    drawContours(context, race.landscape, frame, theme);
  }
}

function drawLetters({ context, frame, theme, at }: Stage, pass: BasinPass | null): void {
  if (!pass) return;
  const small = pass.minima.length > 12;
  context.font = `700 ${small ? 11 : 15}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  pass.minima.forEach((minimum, i) => {
    const [x, y] = at(minimum);
    if (x < frame.left || y < frame.top || x > frame.left + frame.width || y > frame.top + frame.height) return;
    context.lineWidth = small ? 3 : 4.5;
    context.strokeStyle = theme.halo;
    context.strokeText(basinLetter(i), x, y);
    context.fillStyle = theme.ink;
    context.fillText(basinLetter(i), x, y);
  });
}

function drawRun({ context, theme, at }: Stage, { name, run }: RacerRun, step: number): void {
  if (run.ending === "unstarted") return;
  const style = theme.method(name);
  const k = Math.min(step, run.steps);
  const pixels = Float64Array.from({ length: 2 * (k + 1) }, (_, i) => at(pointAt(run, i >> 1))[i % 2] ?? 0);
  drawPath(context, pixels, style, theme);
  drawSteps(context, pixels, style);
  drawMarker(context, pixels[2 * k] ?? 0, pixels[2 * k + 1] ?? 0, style, theme);
}
