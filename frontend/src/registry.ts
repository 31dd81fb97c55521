/** The widgets by the name of their Python class. To add one, add its line here. */

import { h } from "./core/dom";
import type { Host } from "./core/host";
import type { Model } from "./core/model";
import { showFailure, View } from "./core/view";
import { waitForAnswer } from "./shared/prediction";
import { renderBasinMap } from "./widgets/basin-map";
import { renderBatchRace } from "./widgets/batch-race";
import { renderContourEllipse } from "./widgets/contour-ellipse";
import { renderDecisionBoundary } from "./widgets/decision-boundary";
import { renderDescentExplorer } from "./widgets/descent-explorer";
import { renderDescentLine } from "./widgets/descent-line";
import { renderDigitPad } from "./widgets/digit-pad";
import { renderEdgeOfStability } from "./widgets/edge-of-stability";
import { renderLineFit } from "./widgets/line-fit";
import { renderLineSearch } from "./widgets/line-search";
import { renderMomentumMap } from "./widgets/momentum-map";
import { renderNewtonLine } from "./widgets/newton-line";
import { renderPathPlayer } from "./widgets/path-player";
import { renderProbeHunt } from "./widgets/probe-hunt";
import { renderQuiz } from "./widgets/quiz";

/** Build the widget inside `view.root`; register all that must be undone with the view. */
export type Render = (view: View) => void;

const WIDGETS: ReadonlyMap<string, { readonly label: string; readonly render: Render }> = new Map(
  Object.entries({
    BasinMap: { label: "Basin map", render: renderBasinMap },
    BatchRace: { label: "Batch race", render: renderBatchRace },
    ContourEllipse: { label: "Contour ellipse", render: renderContourEllipse },
    DecisionBoundary: { label: "Decision boundary", render: renderDecisionBoundary },
    DigitPad: { label: "Digit pad", render: renderDigitPad },
    EdgeOfStability: { label: "Edge of stability", render: renderEdgeOfStability },
    LineFit: { label: "Line fit", render: renderLineFit },
    MomentumMap: { label: "Momentum map", render: renderMomentumMap },
    NewtonLine: { label: "Newton's parabolas", render: renderNewtonLine },
    DescentLine: { label: "Descent on a curve", render: renderDescentLine },
    DescentExplorer: { label: "Descent explorer", render: renderDescentExplorer },
    LineSearch: { label: "Line search", render: renderLineSearch },
    PathPlayer: { label: "Path player", render: renderPathPlayer },
    ProbeHunt: { label: "Probe hunt", render: renderProbeHunt },
    Quiz: { label: "Question", render: renderQuiz },
  }),
);

/** Say in an element that its widget failed; return what undoes it. */
export function mountFailure(el: HTMLElement, error: unknown): () => void {
  const root = h("div", { class: "gdw" });
  el.append(root);
  showFailure(root, error);
  return () => root.remove();
}

/** Mount a model's widget in an element; return what undoes it. */
export function mount(model: Model, el: HTMLElement, host: Host): () => void {
  const kind = String(model.get("_kind"));
  const widget = WIDGETS.get(kind);
  if (!widget) return mountFailure(el, new Error(`this page's script knows no widget called ${kind}`));
  const view = new View(model, el, host, widget.label);
  try {
    waitForAnswer(view);
    widget.render(view);
    view.root.append(view.live.element);
  } catch (error) {
    view.fail(error);
  }
  return () => view.dispose();
}
