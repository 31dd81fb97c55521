/** What is true of some steps' worst case. */

import { counted } from "../../core/format";
import type { Both } from "./state";
import { close, worse } from "./state";

type Write = (x: number) => string;

const NAMES = { huber: "the Huber function that bends at", bowl: "the bowl of curvature" } as const;

export function worstWords(both: Both, count: number, write: Write): string {
  const family = both.huber.value >= both.bowl.value ? "huber" : "bowl";
  const { value, parameter } = both[family];
  return `Worst found after ${counted(count, "step")}: ${write(value)}, on ${NAMES[family]} ${write(parameter)}.`;
}

export function rankWords(mine: number, silver: number, write: Write): string {
  if (close(mine, silver)) return "The silver steps leave as much.";
  if (mine > silver) return `The silver steps leave less: ${write(silver)}.`;
  return `The silver steps leave more: ${write(silver)}.`;
}

export const BOUND = "Only these two families are tried: the worst convex function is at least as bad.";

export function summaryWords(both: Both, silver: Both, count: number, write: Write): string {
  return `${worstWords(both, count, write)} ${rankWords(worse(both), worse(silver), write)}`;
}
