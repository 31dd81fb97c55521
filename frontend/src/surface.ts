/** The view in space as a script of its own, loaded when it is first opened. */

import { createSurface } from "./plots/surface";

window.gdSurface = { createSurface };
