/** The text, the bars of the next sign, and the curves of the cost. */

import { h, setText } from "../../core/dom";
import type { Panel, Part } from "../../core/part";
import { themeOf } from "../../core/theme";
import { bar, barList } from "../../shared/bars";
import { PROMPT } from "../../shared/prediction";
import { seekChart } from "../../shared/seek-chart";
import type { SamplerState } from "./state";
import { named, share, summary } from "./words";

export function written(state: SamplerState): Part {
  const [beginning, text] = [h("b", {}), h("span", {})];
  const element = h("p", { class: "gdw-hint gdw-written", "aria-label": "What the model writes" }, beginning, text);
  return {
    element,
    update() {
      setText(beginning, state.beginning);
      setText(text, state.view.waiting ? " …" : state.text);
    },
  };
}

export function bars(state: SamplerState): Part {
  const rows = Array.from({ length: state.programs.expected }, () => {
    const name = h("b", {});
    return { name, row: bar(name) };
  });
  const list = barList(
    "gdw-ten gdw-signs",
    rows.map(({ row }) => row),
  );
  const head = h("p", { class: "gdw-hint" }, "How probable the next sign is");
  return {
    element: h("div", { class: "gdw-readouts" }, head, list),
    update() {
      const next = state.view.waiting ? [] : state.next;
      rows.forEach(({ name, row }, i) => {
        const one = next[i];
        setText(name, one ? named(one.sign) : "–");
        row.show(one?.share ?? 0, one ? share(one.share) : "–");
      });
    },
  };
}

export function costs(state: SamplerState): Panel {
  const { view } = state;
  return seekChart(view, {
    chart: () => {
      const theme = themeOf(view.root);
      const curves = state.programs.runs.map(({ name, curve }) => ({
        xs: curve.map((_, i) => (i / (curve.length - 1)) * state.last),
        ys: view.waiting ? curve.slice(0, 1) : curve,
        style: theme.method(name),
        width: name === state.run.name ? 3 : 1.2,
      }));
      return { curves, last: state.last, at: state.step, yLabel: "bits a sign, held out", xLabel: "step", log: false };
    },
    seek(at) {
      const { steps } = state.programs;
      const near = steps.reduce((best, step) => (Math.abs(step - at) < Math.abs(best - at) ? step : best));
      view.reveal();
      if (near !== state.step) view.set({ step: near });
    },
  });
}

export function said(state: SamplerState): string {
  return summary(state.run.name, state.step, state.cost, state.next);
}

export function words(state: SamplerState): Part {
  const element = h("p", { class: "gdw-words" });
  return { element, update: () => setText(element, state.view.waiting ? PROMPT : said(state)) };
}
