/** The widgets in a notebook: what anywidget asks a module for. */

import type { Model } from "./core/model";
import { createSurface } from "./plots/surface";
import { mount } from "./registry";

const host = { loadSurface: () => Promise.resolve({ createSurface }) };

export default {
  render: ({ model, el }: { model: Model; el: HTMLElement }): (() => void) => mount(model, el, host),
};

/** For the tests that hold the browser's runs beside Python's. */
export { descend } from "./core/descent";
