/** What a reader answered, and what to say about it. Nothing here draws. */

import type { Phrase } from "./prose";

export interface OptionProgram {
  readonly text: readonly Phrase[];
  readonly feedback: readonly Phrase[];
  readonly correct: boolean;
}

export interface NumberProgram {
  readonly answer: number;
  readonly tolerance: number;
  readonly unit: string;
  readonly explanation: readonly Phrase[];
  readonly hint: readonly Phrase[];
  readonly mistakes: readonly { readonly value: number; readonly feedback: readonly Phrase[] }[];
}

export interface QuizProgram {
  readonly name: string;
  readonly print: string;
  readonly question: readonly Phrase[];
  readonly options?: readonly OptionProgram[];
  readonly number?: NumberProgram;
}

export interface Judged {
  readonly correct: boolean;
  readonly feedback: readonly Phrase[];
}

/** Say whether a response is right, and what its author had in mind for it. */
export function judge(program: QuizProgram, response: number): Judged | null {
  if (program.number) return judgeNumber(program.number, response);
  const option = program.options?.[response];
  return option ? { correct: option.correct, feedback: option.feedback } : null;
}

function judgeNumber(program: NumberProgram, response: number): Judged {
  const near = (value: number) => Math.abs(response - value) <= program.tolerance;
  if (near(program.answer)) return { correct: true, feedback: program.explanation };
  const mistake = program.mistakes.find(({ value }) => near(value));
  return { correct: false, feedback: mistake?.feedback ?? program.hint };
}

/** What was kept of earlier visits: a list of responses to this very question, or none. */
export function readMemory(kept: unknown, program: QuizProgram): readonly number[] {
  if (typeof kept !== "object" || kept === null) return [];
  const { print, responses } = kept as { print?: unknown; responses?: unknown };
  if (print !== program.print || !Array.isArray(responses)) return [];
  const known = responses.every((r) => typeof r === "number" && Number.isFinite(r) && judge(program, r) !== null);
  return known ? (responses as number[]) : [];
}
