/** What a widget's surroundings give it. Types only: a page and a notebook each bring their own. */

import type { Fields } from "./fragment";

export interface Host {
  /** Keeps the widget's state in the page's URL; a notebook has none. */
  readonly address?: Address;
  /** Loads the second script, the view in space. */
  readonly loadSurface: () => Promise<SurfaceModule>;
}

export interface Address {
  /** Read what a link carries for this widget, null if that is malformed; call back when another link is followed. */
  restore(apply: (fields: Fields | null) => void): () => void;
  /** Write the fields that differ from the first state. */
  write(fields: Fields): void;
  /** The address that carries this widget's state. */
  link(fields: Fields): string;
}

export interface SurfaceModule {
  readonly createSurface: (canvas: HTMLCanvasElement) => Surface;
}

export interface Surface {
  draw(mesh: Mesh, look: Look, camera: Camera): void;
  /** Where a point of the scene is seen, in CSS pixels, and where the eye is. */
  project(point: Point3, camera: Camera): readonly [number, number];
  eye(camera: Camera): Point3;
  dispose(): void;
}

export interface Mesh {
  /** Vertices along each side. */
  readonly side: number;
  /** Row by row, heights from 0 to 1. */
  readonly heights: Float32Array;
  /** Width over depth of the ground. */
  readonly shape: number;
}

export interface Look {
  /** Colours from low to high, each from 0 to 1. */
  readonly colours: readonly (readonly [number, number, number])[];
  readonly line: readonly [number, number, number];
  readonly bands: number;
}

/** Radians. */
export interface Camera {
  readonly turn: number;
  readonly rise: number;
}

export type Point3 = readonly [number, number, number];
