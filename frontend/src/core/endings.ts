/** How a run ends, in Python's words: a test holds this list to the one there. */

export const STATUSES = ["converged", "diverged", "stalled", "out of steps"] as const;

export type Status = (typeof STATUSES)[number];
