/** The widgets in a notebook: what anywidget asks a module for. */

import type { AnyWidget } from "@anywidget/types";
import { createSurface } from "./plots/surface";
import { mount } from "./registry";
import { PRACTICE } from "./registry-practice";

const host = { loadSurface: () => Promise.resolve({ createSurface }) };
const loadPractice = () => Promise.resolve(PRACTICE);

const widget: AnyWidget = { render: ({ model, el }) => mount(model, el, host, loadPractice) };

export default widget;

/** For the tests that hold the browser's runs beside Python's. */
export { descend } from "./core/descent";
