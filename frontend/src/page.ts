/** A page without a kernel: find the widgets' places, give each its state, mount it; show where to answer exercises. */

import { pageAddress } from "./core/address";
import type { Host, SurfaceModule } from "./core/host";
import type { Model, State } from "./core/model";
import { PageModel } from "./core/model";
import { noteExercise } from "./core/standing";
import type { Widgets } from "./core/widget";
import { showAnswers } from "./exercises";
import * as kit from "./kit";
import { mount, mountFailure } from "./registry";
import { showRunButtons } from "./run/buttons";

declare global {
  interface Window {
    gdKit?: typeof kit;
    gdPractice?: Widgets;
    gdSurface?: SurfaceModule;
  }
}

const script = document.currentScript as HTMLScriptElement | null;
window.gdKit = kit;
const models = new Map<string, PageModel>();

const loadSurface = loader("surface.js", () => window.gdSurface);
const loadPractice = loader("practice.js", () => window.gdPractice);

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
    mount(modelOf(place.dataset.model ?? ""), live, host, loadPractice);
  } catch (error) {
    // a state that cannot be read must not stop the figures after it
    live.replaceChildren();
    mountFailure(live, error);
  }
}

/** Mount a widget that Python has made in the page. */
function mountLive(model: Model, into: HTMLElement): void {
  mount(model, into, { loadSurface }, loadPractice);
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

/** Load a classic script beside this one, when it is first asked for; it leaves its module with the window. */
function loader<T>(file: string, left: () => T | undefined): () => Promise<T> {
  let loaded: Promise<T> | null = null;
  return () => {
    loaded ??= new Promise((resolve, reject) => {
      const tag = document.createElement("script");
      const base = new URL(script?.src ?? document.baseURI);
      tag.src = new URL(file + base.search, base).href; // with its version: what is borrowed must be there
      tag.onload = () => {
        const module = left();
        if (module) resolve(module);
        else reject(new Error(`${file} is empty`));
      };
      tag.onerror = () => reject(new Error(`${file} did not load`));
      document.head.append(tag);
    });
    return loaded;
  };
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
