/** PathPlayer: paths that Python computed, on one clock, over a landscape or blank axes. */

import { h, mathElement } from "../../core/dom";
import { formatPoint } from "../../core/format";
import { readInteger } from "../../core/fragment";
import type { View } from "../../core/view";
import { controls, follow, layOut, stage } from "../../shared/layout";
import type { Memory } from "../../shared/toolbar";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { heightChart, pathsPanel } from "./panels";
import { pointOf, stepOf } from "./paths";
import { Player } from "./state";
import { positions } from "./table";

export function renderPathPlayer(view: View): void {
  const player = new Player(view);
  const panels = [pathsPanel(player), heightChart(player)] as const;
  const [picture, chart] = panels;
  const table = positions(player);
  const tools = new Toolbar(view, memory(player));
  const clock = {
    step: () => player.frame,
    last: () => player.last,
    go: (frame: number | null) => view.set({ frame }),
  };
  const play = transport(view, clock, player.unit);
  layOut(view, tools, titleOf(player), stage(picture.element, chart.element, table.element), controls(play.element));
  follow(view, ["frame"], [table, play], panels);
  view.onChange(["frame"], () => view.live.say(spokenFrame(player)));
}

function titleOf({ program: { landscape } }: Player): HTMLElement {
  const parts = landscape
    ? [h("strong", {}, landscape.name), h("span", { class: "gdw-formula" }, mathElement(landscape.math))]
    : [];
  return h("div", { class: "gdw-title" }, ...parts);
}

function spokenFrame(player: Player): string {
  const { frame, note, program } = player;
  if (note) return note;
  return player.paths
    .map((path) => `${path.name}, step ${stepOf(path, frame, program.every)}: ${formatPoint(pointOf(path, frame))}.`)
    .join(" ");
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
