/** BatchRace: a line fitted by all rows, by a few, by one, on one clock of samples seen. */

import { select, slider, toggle } from "../../core/controls";
import { h, mathElement } from "../../core/dom";
import { counted, spoken } from "../../core/format";
import { readChoice, readFlag, readInteger, readNumber, readPoint, writeNumber } from "../../core/fragment";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { controls, follow, layOut } from "../../shared/layout";
import type { LinkFields } from "../../shared/link-fields";
import { linkMemory } from "../../shared/link-fields";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { batchEndingWords } from "../../shared/words";
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
  const [table, knobs] = [fitTable(fits), settings(fits)];
  const tools = new Toolbar(view, linkMemory(view, TRAITS, linkFields(fits)));
  const clock = {
    step: () => fits.samples,
    last: () => fits.total,
    go: (samples: number | null) => view.set({ samples }),
  };
  const play = transport(view, clock, "Sample");
  const formula = h("span", { class: "gdw-formula" }, mathElement(fits.programs.cost.math));
  layOut(
    view,
    tools,
    h("div", { class: "gdw-title" }, formula),
    h("div", { class: "gdw-pair" }, data.element, plane.element),
    controls(play.element, knobs.element),
    h("div", { class: "gdw-pair gdw-below" }, chart.element, table.element),
  );
  follow(view, TRAITS, [play, knobs, table], panels);
  view.onChange(FIT_TRAITS, () => view.live.say(spokenFits(fits)));
}

function settings(fits: Fits): Part {
  const { view } = fits;
  const whole = (label: string, trait: string, low: number, high: number) =>
    slider(view, {
      label,
      low,
      high,
      scale: "integer",
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
    after: () => `of ${fits.rows}`,
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
  const knobs = [schedule, rate, size, epochs, seed, drawn];
  return {
    element: h("div", { class: "gdw-sliders" }, ...knobs.map((knob) => knob.element)),
    update() {
      size.input.max = String(fits.rows);
      schedule.element.hidden = offered().length < 2;
      knobs.forEach((knob) => knob.update());
      rate.update({ at: 2 / fits.programs.noise.curvatures[1], label: "2/L" });
    },
  };
}

function spokenFits(fits: Fits): string {
  return fits.runs
    .map((run) => {
      const k = indexAt(run, fits.samples);
      const ending = batchEndingWords(run, k);
      if (ending) return `${run.name} ${ending}.`;
      const above = spoken((run.values[k] ?? NaN) - fits.floor);
      return `${run.name}: ${counted(k, "step")}, cost ${above} above the lowest.`;
    })
    .join(" ");
}

/** The race in a link. */
function linkFields(fits: Fits): LinkFields {
  const { view } = fits;
  const plans = () => fits.programs.schedules.map(({ name }) => name);
  return {
    b: { trait: "batch_size", write: () => String(fits.batchSize), read: (text) => readInteger(text, 1, fits.rows) },
    rate: {
      trait: "learning_rate",
      write: () => writeNumber(view.get("learning_rate")),
      read: (text) => readNumber(text, RATES.low, RATES.high),
    },
    epochs: {
      trait: "epochs",
      write: () => String(view.get("epochs")),
      read: (text) => readInteger(text, 1, MOST_EPOCHS),
    },
    seed: { trait: "seed", write: () => String(view.get("seed")), read: (text) => readInteger(text, 0, LARGEST_SEED) },
    rows: {
      trait: "replacement",
      write: () => (view.get("replacement") ? "drawn" : "shuffled"),
      read: (text) => readFlag(text, "drawn", "shuffled"),
    },
    plan: { trait: "schedule", write: () => fits.schedule, read: (text) => readChoice(text, plans()) },
    start: {
      trait: "start",
      write: () => fits.start.map(writeNumber).join(","),
      read: (text) => readPoint(text, 2),
    },
    at: {
      trait: "samples",
      write: () => String(fits.samples),
      read: (text) => readInteger(text, 0, fits.rows * MOST_EPOCHS),
    },
  };
}
