/** Where the engine of basins runs: in a worker, or in slices here where a page or a host forbids one. */

import { mayCompile } from "../../core/code";
import type { View } from "../../core/view";
import type { BasinFormulas, BasinJob, BasinPass, GoOn, Port } from "./engine";
import { BasinEngine } from "./engine";

type Send = (message: BasinJob | GoOn) => void;

/** Start an engine; `formulas` gives the functions of the job that is asked for now. */
export function startEngine(view: View, receive: (pass: BasinPass) => void, formulas: () => BasinFormulas): Send {
  const here = () => inSlices(view, receive, formulas);
  if (!mayCompile()) return here(); // what forbids to compile forbids such a worker too
  try {
    return inWorker(view, receive, here);
  } catch {
    return here();
  }
}

function inSlices(view: View, receive: (pass: BasinPass) => void, formulas: () => BasinFormulas): Send {
  const port: Port = { postMessage: receive, onmessage: null };
  let made = formulas();
  new BasinEngine(port, () => made);
  return (message) => {
    if ("loop" in message) made = formulas();
    const deliver = view.guard(() => port.onmessage?.({ data: message }));
    window.setTimeout(deliver, 0);
  };
}

/** The worker is made of the engine's own text: a page from a folder may load no script for one. */
function inWorker(view: View, receive: (pass: BasinPass) => void, otherwise: () => Send): Send {
  const url = URL.createObjectURL(new Blob([`new (${BasinEngine})(self)`], { type: "text/javascript" }));
  const worker = new Worker(url);
  let latest: BasinJob | GoOn | null = null;
  let send: Send = (message) => {
    latest = message;
    worker.postMessage(message);
  };
  worker.onmessage = (event: MessageEvent<BasinPass>) => receive(event.data);
  // Some hosts refuse such a worker only now.
  worker.onerror = () => {
    worker.terminate();
    send = otherwise();
    if (latest) send(latest);
  };
  view.onDispose(() => {
    worker.terminate();
    URL.revokeObjectURL(url);
  });
  return (message) => send(message);
}
