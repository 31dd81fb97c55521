/** What a registry says of a widget. */

import type { View } from "./view";

export interface Widget {
  /** What a screen reader calls it. */
  readonly label: string;
  /** Build the widget inside `view.root`; register all that must be undone with the view. */
  readonly render: (view: View) => void;
}

/** By the name of their Python class. */
export type Widgets = ReadonlyMap<string, Widget>;
