/** The widgets by the name of their Python class, but for those of Part V. To add one, add its line here or there. */

import { h } from "./core/dom";
import type { Host } from "./core/host";
import type { Model } from "./core/model";
import { showFailure, View } from "./core/view";
import type { Widget, Widgets } from "./core/widget";
import { waitForAnswer } from "./shared/prediction";
import { renderBasinMap } from "./widgets/basin-map";
import { renderBatchRace } from "./widgets/batch-race";
import { renderContourEllipse } from "./widgets/contour-ellipse";
import { renderDescentExplorer } from "./widgets/descent-explorer";
import { renderDescentLine } from "./widgets/descent-line";
import { renderLineFit } from "./widgets/line-fit";
import { renderLineSearch } from "./widgets/line-search";
import { renderMomentumMap } from "./widgets/momentum-map";
import { renderNewtonLine } from "./widgets/newton-line";
import { renderPathPlayer } from "./widgets/path-player";
import { renderProbeHunt } from "./widgets/probe-hunt";
import { renderQuiz } from "./widgets/quiz";

const WIDGETS: Widgets = new Map(
  Object.entries({
    BasinMap: { label: "Basin map", render: renderBasinMap },
    BatchRace: { label: "Batch race", render: renderBatchRace },
    ContourEllipse: { label: "Contour ellipse", render: renderContourEllipse },
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

/** Mount a model's widget in an element, loading Part V's where it is none of these; return what undoes it. */
export function mount(model: Model, el: HTMLElement, host: Host, loadPractice: () => Promise<Widgets>): () => void {
  const kind = String(model.get("_kind"));
  const known = WIDGETS.get(kind);
  if (known) return mountWidget(known, model, el, host);
  let wanted = true;
  let undo = () => {};
  const put = (mounted: () => () => void) => {
    if (wanted) undo = mounted();
  };
  loadPractice().then(
    (practice) =>
      put(() => {
        const found = practice.get(kind);
        if (found) return mountWidget(found, model, el, host);
        return mountFailure(el, new Error(`this page's script knows no widget called ${kind}`));
      }),
    (error: unknown) => put(() => mountFailure(el, error)),
  );
  return () => {
    wanted = false;
    undo();
  };
}

function mountWidget({ label, render }: Widget, model: Model, el: HTMLElement, host: Host): () => void {
  const view = new View(model, el, host, label);
  try {
    waitForAnswer(view);
    render(view);
    view.root.append(view.live.element);
  } catch (error) {
    view.fail(error);
  }
  return () => view.dispose();
}
