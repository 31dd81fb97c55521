/** Part V's and VI's widgets by the name of their Python class. To add one, add its line here. */

import type { Widgets } from "./core/widget";
import { renderDecisionBoundary } from "./widgets/decision-boundary";
import { renderDigitPad } from "./widgets/digit-pad";
import { renderEdgeOfStability } from "./widgets/edge-of-stability";
import { renderItemMap } from "./widgets/item-map";
import { renderTextSampler } from "./widgets/text-sampler";
import { renderTurnedBowl } from "./widgets/turned-bowl";
import { renderWordNeighbours } from "./widgets/word-neighbours";
import { renderWorstCase } from "./widgets/worst-case";

export const PRACTICE: Widgets = new Map(
  Object.entries({
    DecisionBoundary: { label: "Decision boundary", render: renderDecisionBoundary },
    DigitPad: { label: "Digit pad", render: renderDigitPad },
    EdgeOfStability: { label: "Edge of stability", render: renderEdgeOfStability },
    ItemMap: { label: "Item map", render: renderItemMap },
    TurnedBowl: { label: "Turned bowl", render: renderTurnedBowl },
    TextSampler: { label: "Text sampler", render: renderTextSampler },
    WordNeighbours: { label: "Word neighbours", render: renderWordNeighbours },
    WorstCase: { label: "Worst case", render: renderWorstCase },
  }),
);
