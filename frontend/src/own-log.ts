/** The page "What is wrong with my run?": a form for a reader's own log, which the page's Python reads. */

import { showRunButtons } from "./run/buttons";
import { showOwnLog } from "./run/own-log";

const script = document.currentScript as HTMLScriptElement | null;
const amount = script?.dataset.run;
if (script && amount) {
  for (const form of document.querySelectorAll<HTMLElement>(".gd-own-log")) showOwnLog(form, amount);
  const base = new URL("../run/", script.src).href;
  showRunButtons(document, { base, amount, mount: () => {}, note: () => {} });
}
