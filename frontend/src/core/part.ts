/** What a figure is put together from. */

export interface Part {
  readonly element: HTMLElement;
  /** Show the state as it is now. */
  update(): void;
}

/** A part that draws, and so waits for a frame in which it is seen. */
export interface Panel extends Part {
  paint(): void;
}
