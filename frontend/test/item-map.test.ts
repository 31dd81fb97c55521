import { describe, expect, it } from "vitest";
import type { View } from "../src/core/view";
import { ItemState, readAnswers, writeAnswers } from "../src/widgets/item-map/state";
import { agreeWords, extremes, guessWords, toldWords, turnWords } from "../src/widgets/item-map/words";

const names = ["tea", "milk", "cake", "constructor"];
const rules = { names, levels: [1, 6], most: 2 } as const;

/** A figure of four items, over a store that a test can read. */
function figure(answers: Record<string, number> = {}) {
  const traits: Record<string, unknown> = { answers, item: "milk", _programs: rules };
  const view = { get: (name: string) => traits[name], set: (values: object) => Object.assign(traits, values) };
  return { traits, state: new ItemState(view as unknown as View) };
}

describe("answers", () => {
  it("are given, changed, and taken back by giving them again", () => {
    const { traits, state } = figure();
    state.answer(0, 5);
    expect(traits.answers).toEqual({ tea: 5 });
    state.answer(0, 2);
    expect(traits.answers).toEqual({ tea: 2 });
    state.answer(0, 2);
    expect(traits.answers).toEqual({});
  });

  it("are so many at most; one of those may still change", () => {
    const { traits, state } = figure({ tea: 1, milk: 2 });
    state.answer(2, 6);
    expect(traits.answers).toEqual({ tea: 1, milk: 2 });
    state.answer(1, 6);
    expect(traits.answers).toEqual({ tea: 1, milk: 6 });
  });

  it("are none for an item whose name every object has", () => {
    expect(figure().state.answerTo(3)).toBeUndefined();
    expect(figure({ constructor: 4 }).state.answerTo(3)).toBe(4);
  });

  it("go into a link and come back", () => {
    const text = writeAnswers({ cake: 3, tea: 6 }, names);
    expect(text).toBe("2:3,0:6");
    expect(readAnswers(text, rules)).toEqual({ cake: 3, tea: 6 });
    expect(readAnswers("", rules)).toEqual({});
    expect(Object.entries(readAnswers("3:2", rules) ?? {})).toEqual([["constructor", 2]]);
  });

  it.each(["7:3", "0:7", "0:0", "0", "0:3,0:4", "0:1,1:1,2:1", "a:3", "0:3,", "0:1.5", "__proto__:3"])(
    "are refused from a link: %s",
    (text) => expect(readAnswers(text, rules)).toBeNull(),
  );
});

describe("words of a person", () => {
  it("tell the guess beside the mean, and from how much it is told", () => {
    expect(guessWords("Make friends easily", 5.08, 4.41)).toBe("Guess for “Make friends easily”: 5.1 (mean 4.4).");
    expect(guessWords("tea", -0.25, 3)).toBe("Guess for “tea”: −0.3 (mean 3.0).");
    expect(toldWords(3, 1)).toBe("The arrow is told from 3 answers.");
    expect(toldWords(1, 1)).toContain("1 answer.");
    expect(toldWords(0, 0.5)).toBe("The arrow is put by hand.");
    expect(toldWords(0, 0)).toBe("No answer yet: every guess is the mean.");
  });

  it("name the highest and the lowest guesses, and none on both sides", () => {
    const guesses = [3, 6, 1, 5];
    expect(extremes(guesses, 3)).toEqual({ most: [1, 3], least: [2, 0] });
    expect(extremes(guesses, 1)).toEqual({ most: [1], least: [2] });
    expect(agreeWords(names, guesses, 1)).toBe("Agrees most with “milk”; least with “cake”.");
  });

  it("say that a turn changes no guess, and nothing without one", () => {
    expect(turnWords(-40)).toBe("Turned by −40°, points and arrow together: no guess has changed.");
    expect(turnWords(0)).toBe("");
  });
});
