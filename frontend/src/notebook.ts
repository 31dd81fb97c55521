/** The widgets in a notebook: what anywidget asks a module for. */

import type { AnyWidget } from "@anywidget/types";
import { createSurface } from "./plots/surface";
import { mount } from "./registry";

const host = { loadSurface: () => Promise.resolve({ createSurface }) };

const widget: AnyWidget = { render: ({ model, el }) => mount(model, el, host) };

export default widget;

/** For the tests that hold the browser's runs beside Python's. */
export { descend } from "./core/descent";
