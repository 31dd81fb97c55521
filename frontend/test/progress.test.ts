// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Progress } from "../src/core/progress";
import { canKeep, forgetProgress, keep, merged, readProgress, readText, textOf } from "../src/core/progress";
import { CHANGED, noteExercise, noteQuiz } from "../src/core/standing";
import { remember } from "../src/core/storage";

const list = (quizzes: object, exercises: object = {}): Progress => ({
  quizzes: new Map(Object.entries(quizzes)),
  exercises: new Map(Object.entries(exercises)),
});
const file = (entries: object) => JSON.stringify({ format: "gdlib progress", version: 1, ...entries });

beforeEach(() => localStorage.clear());

describe("what is noted", () => {
  it("rises from a failed prediction to a mended one, and no further", () => {
    noteQuiz("a/b", false);
    expect(readProgress()).toEqual(list({ "a/b": "wrong" }));
    noteQuiz("a/b", false);
    noteQuiz("a/b", true);
    expect(readProgress()).toEqual(list({ "a/b": "mended" }));
    noteQuiz("a/b", true);
    noteQuiz("a/b", false);
    expect(readProgress()).toEqual(list({ "a/b": "mended" }));
  });

  it("stays right, whatever follows", () => {
    noteQuiz("a/b", true);
    noteQuiz("a/b", false);
    noteExercise("a/c", false);
    noteExercise("a/c", true);
    noteExercise("a/c", false);
    expect(readProgress()).toEqual(list({ "a/b": "right" }, { "a/c": "right" }));
  });

  it("is told to the page", () => {
    const heard = vi.fn();
    document.addEventListener(CHANGED, heard);
    noteExercise("a/c", true);
    noteExercise("a/c", true);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("survives junk in its place, and junk does not survive", () => {
    for (const junk of [3, "text", [], { quizzes: 3 }, { exercises: [1], quizzes: { "a/b": "great" } }, null]) {
      remember("progress", junk);
      expect(readProgress()).toEqual(list({}));
      noteExercise("a/c", true);
      expect(readProgress()).toEqual(list({}, { "a/c": "right" }));
    }
  });

  it("is lost in silence where storage is forbidden or full", () => {
    vi.stubGlobal("localStorage", {
      getItem: () => null,
      setItem: () => {
        throw new Error("full");
      },
    });
    noteQuiz("a/b", true);
    expect(canKeep()).toBe(false);
    expect(keep(list({ "a/b": "right" }))).toBe(false);
    vi.unstubAllGlobals();
    expect(canKeep()).toBe(true);
    expect(readProgress()).toEqual(list({}));
  });

  it("goes with the answers behind it, and nothing else does", () => {
    noteQuiz("a/b", true);
    for (const name of ["quiz/a/b", "exercise/a/c", "theme"]) remember(name, 1);
    localStorage.setItem("somebody's quiz/a/b", "1");
    forgetProgress();
    expect(Object.keys(localStorage).sort()).toEqual(["gdlib/theme", "somebody's quiz/a/b"]);
  });
});

describe("two lists", () => {
  const levels = [undefined, "wrong", "mended", "right"];
  const lists = levels.flatMap((quiz) =>
    [undefined, "tried", "right"].map((exercise) =>
      list(quiz ? { "a/b": quiz } : {}, exercise ? { "a/b": exercise } : {}),
    ),
  );

  it("become one in which nothing is lower than in either, in any order", () => {
    for (const one of lists)
      for (const other of lists) {
        const both = merged(one, other);
        expect(both).toEqual(merged(other, one));
        expect(merged(both, one)).toEqual(both);
        for (const part of [one, other])
          expect(levels.indexOf(both.quizzes.get("a/b"))).toBeGreaterThanOrEqual(
            levels.indexOf(part.quizzes.get("a/b")),
          );
      }
  });
});

describe("a file", () => {
  it("holds what was written", () => {
    const all = list({ "a/b": "wrong", "a/c": "mended" }, { "b/d": "right", "a/d": "tried" });
    expect(readText(textOf(all))).toEqual(all);
    expect(readText(textOf(list({})))).toEqual(list({}));
  });

  it.each([
    ["", "it is not JSON"],
    ["{", "it is not JSON"],
    ["x".repeat(1_000_001), "it is longer than any list of progress"],
    ["null", "it is no list of progress that this book has written"],
    ["[1]", "it is no list of progress that this book has written"],
    ['{"format": "nbformat"}', "it is no list of progress that this book has written"],
    [file({ version: 2 }), "another edition of this book has written it"],
    [file({ version: true }), "another edition of this book has written it"],
    [file({ quizzes: [] }), "it has an entry that this book does not write"],
    [file({ exercises: null }), "it has an entry that this book does not write"],
    [file({ quizzes: { "a/b": "tried" } }), "it has an entry that this book does not write"],
    [file({ exercises: { "<b>": "right" } }), "it has an entry that this book does not write"],
    [
      '{"format":"gdlib progress","version":1,"quizzes":{"__proto__":"right"}}',
      "it has an entry that this book does not write",
    ],
  ])("that is not ours is refused in words: %.40s", (text, words) => {
    expect(readText(text)).toBe(words);
  });
});
