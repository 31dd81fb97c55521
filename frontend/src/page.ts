/** A page without a kernel: find the widgets' places, give each its state, mount it; show where to answer exercises. */

import { pageAddress } from "./core/address";
import type { Host, SurfaceModule } from "./core/host";
import type { Model, State } from "./core/model";
import { PageModel } from "./core/model";
import { noteExercise } from "./core/standing";
import { showAnswers } from "./exercises";
import { mount, mountFailure } from "./registry";
import { showRunButtons } from "./run/buttons";

declare global {
  interface Window {
    gdSurface?: SurfaceModule;
  }
}

const script = document.currentScript as HTMLScriptElement | null;
const models = new Map<string, PageModel>();

function start(): void {
  for (const place of document.querySelectorAll<HTMLElement>(".gd-widget[data-model]")) mountPlace(place);
  showAnswers(document);
  const amount = script?.dataset.run;
  if (amount)
    showRunButtons(document, {
      base: new URL("../run/", script.src).href,
      amount,
      mount: mountLive,
      note: noteExercise,
    });
  const wanted = /^#gd\/([\w-]+)\?/.exec(location.hash)?.[1];
  if (wanted) document.getElementById(wanted)?.scrollIntoView();
}

function mountPlace(place: HTMLElement): void {
  if (place.dataset.mounted) return;
  place.dataset.mounted = "true";
  const live = document.createElement("div");
  place.append(live);
  const host: Host = place.id ? { loadSurface, address: pageAddress(place.id) } : { loadSurface };
  try {
    mount(modelOf(place.dataset.model ?? ""), live, host);
  } catch (error) {
    // a state that cannot be read must not stop the figures after it
    live.replaceChildren();
    mountFailure(live, error);
  }
}

/** Mount a widget that Python has made in the page. */
function mountLive(model: Model, into: HTMLElement): void {
  mount(model, into, { loadSurface });
}

/** The model with this name; views of one model share it. */
function modelOf(name: string): PageModel {
  const known = models.get(name);
  if (known) return known;
  const text = document.getElementById(`gd-state-${name}`)?.textContent ?? "{}";
  const state: unknown = JSON.parse(text);
  if (typeof state !== "object" || state === null) throw new Error("the state of this figure is no object");
  const model = new PageModel(state as State);
  models.set(name, model);
  return model;
}

let surface: Promise<SurfaceModule> | null = null;

/** Load the view in space: a second classic script beside this one, when it is first opened. */
function loadSurface(): Promise<SurfaceModule> {
  surface ??= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = new URL("surface.js", script?.src ?? document.baseURI).href;
    tag.onload = () => (window.gdSurface ? resolve(window.gdSurface) : reject(new Error("surface.js is empty")));
    tag.onerror = () => reject(new Error("surface.js did not load"));
    document.head.append(tag);
  });
  return surface;
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
