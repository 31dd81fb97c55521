/** The pictures of EdgeOfStability: sharpness and loss against the step, and the curve that is fitted. */

import type { Panel } from "../../core/part";
import type { Theme } from "../../core/theme";
import { themeOf } from "../../core/theme";
import { picture } from "../../plots/canvas";
import type { ChartSpec, Curve } from "../../plots/chart";
import { drawChart } from "../../plots/chart";
import { traceGraph } from "../../plots/curve";
import { drawPoints, padded } from "../../plots/data";
import { frameIn } from "../../plots/frame";
import { drawStage } from "../../plots/stage";
import type { EdgeState } from "./state";

type Look = Pick<ChartSpec, "curves" | "yLabel" | "log">;

function chart(state: EdgeState, look: (theme: Theme) => Look): Panel {
  const { view } = state;
  return picture(view, "gdw-chart", (context, size) => {
    const theme = themeOf(view.root);
    drawChart(context, size, theme, { ...look(theme), last: state.last, at: state.training.step, xLabel: "step" });
  });
}

export function sharpnessChart(state: EdgeState): Panel {
  return chart(state, (theme) => {
    const { xs, ys } = state.training.sharpnesses;
    const measured = { xs, ys, style: state.style(theme), width: 1.5 };
    return { curves: [edge(state, theme), measured], yLabel: "sharpness, and 2/η dashed", log: false };
  });
}

/** 2/η as it was, and as it is from now on. */
function edge(state: EdgeState, theme: Theme): Curve {
  const { rates, step } = state.training;
  const style = { colour: theme.bad, marker: "diamond", dash: [6, 4] } as const;
  const ys = [...rates.ys, state.rate, state.rate].map((rate) => 2 / rate);
  return { xs: [...rates.xs, step, state.last], ys, style };
}

export function lossChart(state: EdgeState): Panel {
  return chart(state, (theme) => {
    const { losses, step, loss } = state.training;
    const [xs, ys] = [
      [...losses.xs, step],
      [...losses.ys, loss],
    ];
    return { curves: [{ xs, ys, style: state.style(theme), width: 1.5 }], yLabel: "loss J", log: true };
  });
}

export function fitPanel(state: EdgeState): Panel {
  const { view } = state;
  return picture(view, "gdw-map gdw-still-plot gdw-fit", (context, size) => {
    const [xs, ys] = [Array.from(state.programs.features.data), Array.from(state.programs.targets.data)];
    const theme = themeOf(view.root);
    drawStage(context, frameIn(size), theme, {
      bounds: [padded(xs), padded([...ys, -1.2, 1.2])],
      names: ["x", "y"],
      draw(stage) {
        traceGraph(context, state.curve, stage.x, stage.y);
        context.strokeStyle = state.style(theme).colour;
        context.lineWidth = 2.5;
        context.lineJoin = "round";
        context.stroke();
        drawPoints(
          stage,
          xs.map((x, i) => [x, ys[i] ?? 0]),
        );
      },
    });
  });
}
