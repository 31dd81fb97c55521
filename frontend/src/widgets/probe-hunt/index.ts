/** ProbeHunt: find the lowest point of a hidden curve; then watch an optimizer play the same hand. */

import { button, ICONS } from "../../core/controls";
import { h, setText } from "../../core/dom";
import { counted } from "../../core/format";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { controls, follow, layOut, stage } from "../../shared/layout";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { huntMemory } from "./link";
import { HuntPanel } from "./panels";
import { HUNT_TRAITS, Hunt } from "./state";
import { probeTable } from "./table";
import { scoreWords, spokenProbe } from "./words";

export function renderProbeHunt(view: View): void {
  const hunt = new Hunt(view);
  const plot = new HuntPanel(hunt);
  const tools = new Toolbar(view, huntMemory(hunt));
  const walk = watching(hunt);
  const parts = [title(hunt), probeTable(hunt), score(hunt), hunting(hunt, walk.play), walk] as const;
  const [head, probes, verdict, hands] = parts;
  layOut(
    view,
    tools,
    head.element,
    stage(plot.element, probes.element),
    verdict.element,
    controls(hands.element, walk.element),
  );
  follow(view, HUNT_TRAITS, parts, [plot]);
  view.onChange(["probes", "curve"], () => view.live.say(spokenProbe(hunt)));
}

function title(hunt: Hunt): Part {
  const text = h("span", { class: "gdw-count" });
  return {
    element: h("div", { class: "gdw-title" }, text),
    update() {
      const count = hunt.programs.curves.length;
      const which = count > 1 ? `Hidden curve ${hunt.number + 1} of ${count}` : "A hidden curve";
      const probes = hunt.lifted ? counted(hunt.found.length, "probe") : `${counted(hunt.left, "probe")} left`;
      text.textContent = `${which} · ${probes}`;
    },
  };
}

function score(hunt: Hunt): Part {
  const element = h("p", { class: "gdw-words gdw-score", role: "status" });
  return {
    element,
    update() {
      const text = hunt.lifted ? scoreWords(hunt).join(" ") : "";
      setText(element, text);
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
