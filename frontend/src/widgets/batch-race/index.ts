/** BatchRace: a line fitted by all rows, by a few, by one, on one clock of samples seen. */

import { select, slider, toggle } from "../../core/controls";
import { h, mathElement } from "../../core/dom";
import { spoken } from "../../core/format";
import type { Fields } from "../../core/fragment";
import { readChoice, readInteger, readNumber, readPoint, writeNumber } from "../../core/fragment";
import { same } from "../../core/model";
import type { View } from "../../core/view";
import type { Memory } from "../../shared/toolbar";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { dataPanel, fitChart, fitPlane } from "./panels";
import { FIT_TRAITS, Fits, indexAt } from "./state";
import { fitTable } from "./table";

const TRAITS = [...FIT_TRAITS, "samples"] as const;
const RATES = { low: 1e-3, high: 4, scale: "log" } as const;
const MOST_EPOCHS = 60;
const LARGEST_SEED = 99;

export function renderBatchRace(view: View): void {
  const fits = new Fits(view);
  const panels = [dataPanel(fits), fitPlane(fits), fitChart(fits)] as const;
  const [data, plane, chart] = panels;
  const table = fitTable(fits);
  const tools = new Toolbar(view, memory(fits));
  const play = transport(
    view,
    {
      step: () => fits.samples,
      last: () => fits.total,
      go: (samples) => view.set({ samples }),
    },
    "Sample",
  );
  const knobs = settings(fits);
  view.root.append(
    h(
      "div",
      { class: "gdw-head" },
      h("div", { class: "gdw-title" }, h("span", { class: "gdw-formula" }, mathElement(fits.programs.cost.math))),
      tools.element,
    ),
    h("div", { class: "gdw-pair" }, data.element, plane.element),
    h("div", { class: "gdw-controls" }, play.element, knobs.element),
    h("div", { class: "gdw-pair gdw-below" }, chart.element, table.element),
    tools.note,
  );
  const update = () => {
    [plane, play, knobs, table].forEach((part) => part.update());
    view.invalidate();
  };
  view.onChange([...TRAITS, "_programs"], update);
  view.onChange(FIT_TRAITS, () => view.live.say(spokenFits(fits)));
  update();
  view.paint(() => panels.forEach((panel) => panel.paint()));
}

function settings(fits: Fits): { element: HTMLElement; update(): void } {
  const { view } = fits;
  const whole = (label: string, trait: string, low: number, high: number, letter?: string) =>
    slider(view, {
      label,
      low,
      high,
      scale: "integer",
      ...(letter ? { letter } : {}),
      format: String,
      value: () => view.get(trait),
      change: (value) => view.set({ [trait]: value, samples: null }),
    });
  const rate = slider(view, {
    label: "learning rate",
    letter: "η",
    ...RATES,
    value: () => view.get("learning_rate"),
    change: (learning_rate) => view.set({ learning_rate }),
  });
  const size = slider(view, {
    label: "mini-batch size",
    letter: "B",
    low: 1,
    high: fits.rows,
    scale: "integer",
    format: (b) => `${b} of ${fits.rows}`,
    value: () => fits.batchSize,
    change: (batch_size) => view.set({ batch_size }),
  });
  const epochs = whole("epochs", "epochs", 1, MOST_EPOCHS);
  const seed = whole("seed of the order", "seed", 0, LARGEST_SEED);
  const drawn = toggle(view, {
    label: "Draw rows with replacement",
    value: () => view.get("replacement"),
    change: (replacement) => view.set({ replacement }),
  });
  const offered = () => fits.programs.schedules.map(({ name }) => [name, name] as const);
  const schedule = select(view, {
    label: "schedule",
    options: offered,
    value: () => fits.schedule,
    change: (name) => view.set({ schedule: name }),
  });
  return {
    element: h(
      "div",
      { class: "gdw-sliders" },
      schedule.element,
      rate.element,
      size.element,
      epochs.element,
      seed.element,
      drawn.element,
    ),
    update() {
      rate.update({ at: 2 / fits.programs.noise.curvatures[1], label: "2/L" });
      size.input.max = String(fits.rows);
      schedule.element.hidden = offered().length < 2;
      [schedule, size, epochs, seed, drawn].forEach((part) => part.update());
    },
  };
}

function spokenFits(fits: Fits): string {
  return fits.runs
    .map((run) => {
      if (!run.points.length) return `${run.name} cannot start: too far out.`;
      if (run.diverged) return `${run.name} diverged at step ${run.steps + 1}.`;
      const k = indexAt(run, fits.samples);
      return `${run.name}: ${k} steps, cost ${spoken((run.values[k] ?? NaN) - fits.floor)} above the lowest.`;
    })
    .join(" ");
}

type Reader = readonly [trait: string, read: (text?: string) => unknown, write: () => string];

/** The race in a link. */
function memory(fits: Fits): Memory {
  const { view } = fits;
  const readers = new Map(
    Object.entries<Reader>({
      b: ["batch_size", (text) => readInteger(text, 1, fits.rows), () => String(fits.batchSize)],
      rate: [
        "learning_rate",
        (text) => readNumber(text, RATES.low, RATES.high),
        () => writeNumber(view.get("learning_rate")),
      ],
      epochs: ["epochs", (text) => readInteger(text, 1, MOST_EPOCHS), () => String(view.get("epochs"))],
      seed: ["seed", (text) => readInteger(text, 0, LARGEST_SEED), () => String(view.get("seed"))],
      rows: [
        "replacement",
        (text) => readChoice(text, ["drawn", "shuffled"]),
        () => (view.get("replacement") ? "drawn" : "shuffled"),
      ],
      plan: [
        "schedule",
        (text) =>
          readChoice(
            text,
            fits.programs.schedules.map(({ name }) => name),
          ),
        () => fits.schedule,
      ],
      start: ["start", (text) => readPoint(text, 2), () => fits.start.map(writeNumber).join(",")],
      at: ["samples", (text) => readInteger(text, 0, fits.rows * MOST_EPOCHS), () => String(fits.samples)],
    }),
  );
  return {
    traits: TRAITS,
    write: (first) =>
      new Map(
        [...readers]
          .filter(([, [trait]]) => !same(first[trait], view.get(trait)))
          .map(([key, [, , write]]) => [key, write()]),
      ),
    read(fields: Fields) {
      const values: Record<string, unknown> = {};
      for (const [key, text] of fields) {
        const reader = readers.get(key);
        const value = reader?.[1](text) ?? null;
        if (!reader || value === null) return null;
        values[reader[0]] = key === "rows" ? value === "drawn" : value;
      }
      return values;
    },
  };
}
