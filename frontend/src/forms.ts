/** Pages with a form: a reader's log, rule or cost, which the page's Python reads. */

import { showOwnLog } from "./forms/own-log";
import type { Form } from "./forms/places";
import { formIn } from "./forms/places";
import { showWorkbench } from "./forms/workbench";
import { showYourCost } from "./forms/your-cost";
import { showRunButtons } from "./run/buttons";

const SHOW: Readonly<Record<string, (form: Form) => void>> = {
  "own-log": showOwnLog,
  workbench: showWorkbench,
  "your-cost": showYourCost,
};

const script = document.currentScript as HTMLScriptElement | null;
const amount = script?.dataset.run;
if (script && amount) {
  for (const element of document.querySelectorAll<HTMLElement>(".gd-form")) {
    const form = formIn(element, amount);
    if (!form) continue;
    SHOW[element.dataset.form ?? ""]?.(form);
    element.hidden = false;
  }
  // A page that has widgets has buttons from their script.
  const base = new URL("../run/", script.src).href;
  if (!document.querySelector("script[src*='widgets/widgets.js']"))
    showRunButtons(document, { base, amount, mount: () => {}, note: () => {} });
}
