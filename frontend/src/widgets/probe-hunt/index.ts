/** ProbeHunt: find the lowest point of a hidden curve; then watch an optimizer play the same hand. */

import { button, ICONS } from "../../core/controls";
import { h } from "../../core/dom";
import { formatNumber } from "../../core/format";
import type { View } from "../../core/view";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { huntMemory } from "./link";
import { HuntPlot } from "./panels";
import { HUNT_TRAITS, Hunt } from "./state";
import { lowest, scoreWords, slopeWords, spokenProbe } from "./words";

interface Part {
  readonly element: HTMLElement;
  update(): void;
}

export function renderProbeHunt(view: View): void {
  const hunt = new Hunt(view);
  const plot = new HuntPlot(hunt);
  const tools = new Toolbar(view, huntMemory(hunt));
  const walk = watching(hunt);
  const [head, probes, verdict, hands] = [heading(hunt), table(hunt), score(hunt), hunting(hunt, walk.play)];
  const parts = [head, probes, verdict, hands, walk];
  view.root.append(
    h("div", { class: "gdw-head" }, head.element, tools.element),
    h("div", { class: "gdw-stage" }, plot.element, h("div", { class: "gdw-side" }, probes.element)),
    verdict.element,
    h("div", { class: "gdw-controls" }, hands.element, walk.element),
    tools.note,
  );
  const update = () => {
    parts.forEach((part) => part.update());
    plot.update();
    view.invalidate();
  };
  view.onChange([...HUNT_TRAITS, "_programs"], update);
  view.onChange(["probes", "curve"], () => view.live.say(spokenProbe(hunt)));
  update();
  view.paint(() => plot.paint());
}

function heading(hunt: Hunt): Part {
  const text = h("span", { class: "gdw-count" });
  return {
    element: h("div", { class: "gdw-title" }, text),
    update() {
      const count = hunt.programs.curves.length;
      const which = count > 1 ? `Hidden curve ${hunt.number + 1} of ${count}` : "A hidden curve";
      text.textContent = `${which} · ${hunt.lifted ? `${hunt.found.length} probes` : `${hunt.left} probes left`}`;
    },
  };
}

/** Every probe as numbers: what the picture shows, for those who do not see it. */
function table(hunt: Hunt): Part {
  const body = h("tbody");
  const head = h("tr", {}, ...["θ", "height", "slope"].map((name) => h("th", { scope: "col" }, name)));
  const element = h(
    "div",
    { class: "gdw-probes", tabindex: 0, role: "region", "aria-label": "Your probes" },
    h("table", { class: "gdw-table" }, h("thead", {}, head), body),
  );
  const none = h(
    "p",
    { class: "gdw-words" },
    "Aim with the pointer or the arrow keys. " +
      "A click or Enter probes: you are told the height and the slope there, nothing else.",
  );
  return {
    element: h("div", {}, none, element),
    update() {
      const { found } = hunt;
      const best = lowest(found);
      none.hidden = found.length > 0;
      element.hidden = !found.length;
      body.replaceChildren(...found.map((each) => row(each, each.place === best?.place)));
      element.scrollTop = element.scrollHeight;
    },
  };
}

function row(found: Parameters<typeof slopeWords>[0], best: boolean): HTMLElement {
  const [place, height, slope] = [found.place, found.height, found.slope].map((x) =>
    formatNumber(Number(x.toFixed(3))),
  );
  return h(
    "tr",
    best ? { class: "gdw-best" } : {},
    h("th", { scope: "row" }, place ?? ""),
    h("td", {}, height ?? "", best ? h("span", { class: "gdw-tag" }, "lowest") : null),
    h("td", { title: slopeWords(found) }, slope ?? ""),
  );
}

function score(hunt: Hunt): Part {
  const element = h("p", { class: "gdw-words gdw-score", role: "status" });
  return {
    element,
    update() {
      const text = hunt.lifted ? scoreWords(hunt).join(" ") : "";
      if (element.textContent !== text) element.textContent = text;
      element.hidden = !text;
    },
  };
}

function hunting(hunt: Hunt, play: () => void): Part {
  const { view } = hunt;
  const fire = button(view, { label: "Probe here", press: () => hunt.fire() });
  fire.classList.add("gdw-play");
  const lift = button(view, { label: "Lift the fog", press: () => hunt.lift() });
  const watch = button(view, {
    label: `Watch ${hunt.programs.rule.name} play`,
    icon: ICONS.play,
    words: true,
    press: play,
  });
  watch.classList.add("gdw-play");
  const next = button(view, { label: "New curve", press: () => hunt.next() });
  return {
    element: h("div", { class: "gdw-transport" }, fire, lift, watch, next),
    update() {
      fire.hidden = lift.hidden = hunt.lifted;
      lift.disabled = !hunt.found.length;
      watch.hidden = !hunt.lifted || hunt.walked !== null;
      next.hidden = !hunt.lifted || hunt.programs.curves.length < 2;
    },
  };
}

/** The optimizer's hand, one gradient a step. */
function watching(hunt: Hunt): Part & { play(): void } {
  const clock = transport(hunt.view, {
    step: () => hunt.walked ?? 0,
    last: () => hunt.run.steps,
    go: (step) => hunt.view.set({ walked: step ?? hunt.run.steps }),
  });
  const start = clock.element.querySelector<HTMLElement>(".gdw-play");
  return {
    element: clock.element,
    play() {
      hunt.view.set({ walked: 0 });
      start?.focus();
      start?.click();
    },
    update() {
      clock.element.hidden = !hunt.lifted || hunt.walked === null;
      clock.update();
    },
  };
}
