/** What the page's script lends to the figures in a script of their own. A name that they miss here stops the build. */

export { contours } from "d3-contour";
export { result } from "./core/code";
export { button, handle, ICONS, relabel, select, slider } from "./core/controls";
export { h, own, setText } from "./core/dom";
export { counted, formatNumber, formatPoint, spoken } from "./core/format";
export { readInteger, readNumber, readPoint, writeNumber } from "./core/fragment";
export { normals, uniforms } from "./core/generator";
export { once } from "./core/once";
export { drawnIn } from "./core/snap";
export { rgb, themeOf } from "./core/theme";
export { Canvas, picture } from "./plots/canvas";
export { drawChart } from "./plots/chart";
export { traceGraph } from "./plots/curve";
export { drawPoints, padded } from "./plots/data";
export { clipped, frameIn, horizontal, line, vertical } from "./plots/frame";
export { drawArrow, drawCross, drawMarker, drawRing, drawText } from "./plots/marks";
export { largest, Plane } from "./plots/plane";
export { drawStage } from "./plots/stage";
export { symbolPath } from "./plots/swatch";
export { shownAt } from "./shared/clock";
export { controls, follow, layOut, stage } from "./shared/layout";
export { linkMemory } from "./shared/link-fields";
export { onAnswer, PROMPT } from "./shared/prediction";
export { seekChart } from "./shared/seek-chart";
export { explainedTable, row } from "./shared/table";
export { Toolbar } from "./shared/toolbar";
export { transport } from "./shared/transport";
