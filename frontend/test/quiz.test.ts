// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { forget, recall, remember } from "../src/core/storage";
import type { QuizProgram } from "../src/widgets/quiz/answers";
import { judge, readMemory } from "../src/widgets/quiz/answers";
import { proseNodes } from "../src/widgets/quiz/prose";

const words = (text: string) => [["text", text]] as const;

const number: QuizProgram = {
  name: "rate/bound",
  print: "aa",
  question: words("How large?"),
  number: {
    answer: 0.2,
    tolerance: 0.01,
    unit: "",
    explanation: words("2/L"),
    hint: words("think of L"),
    mistakes: [{ value: 0.1, feedback: words("that is 1/L") }],
  },
};

const choice: QuizProgram = {
  name: "rate/which",
  print: "bb",
  question: words("Which?"),
  options: [
    { text: words("this"), feedback: words("no"), correct: false },
    { text: words("that"), feedback: words("yes"), correct: true },
  ],
};

describe("the judgement", () => {
  it("accepts what lies within the tolerance, and no more", () => {
    expect(judge(number, 0.209)).toEqual({ correct: true, feedback: words("2/L") });
    expect(judge(number, 0.211)?.correct).toBe(false);
  });

  it("names a known mistake, and hints at any other", () => {
    expect(judge(number, 0.1)?.feedback).toEqual(words("that is 1/L"));
    expect(judge(number, 7)?.feedback).toEqual(words("think of L"));
  });

  it("knows each option by its place, and no other", () => {
    expect(judge(choice, 1)).toEqual({ correct: true, feedback: words("yes") });
    expect(judge(choice, 2)).toBeNull();
    expect(judge(choice, 0.5)).toBeNull();
  });
});

describe("what was kept of an earlier visit", () => {
  it("comes back for the same question", () => {
    expect(readMemory({ print: "bb", responses: [0, 1] }, choice)).toEqual([0, 1]);
  });

  it.each([
    null,
    3,
    "x",
    {},
    { print: "other", responses: [1] },
    { print: "bb", responses: [5] },
    { print: "bb", responses: ["1"] },
    { print: "bb", responses: 1 },
  ])("is nothing if it is %j", (kept) => {
    expect(readMemory(kept, choice)).toEqual([]);
  });

  it("is lost quietly where the browser refuses to keep anything", () => {
    remember("quiz/a", [1]);
    expect(recall("quiz/a")).toEqual([1]);
    forget("quiz/a");
    expect(recall("quiz/a")).toBeNull();
    const refuse = () => {
      throw new DOMException("denied", "SecurityError");
    };
    vi.stubGlobal("localStorage", { getItem: refuse, setItem: refuse, removeItem: refuse });
    remember("quiz/a", [1]);
    forget("quiz/a");
    expect(recall("quiz/a")).toBeNull();
    vi.unstubAllGlobals();
  });

  it("is nothing if something else wrote there", () => {
    localStorage.setItem("gdlib/quiz/b", "{not json");
    expect(recall("quiz/b")).toBeNull();
  });
});

describe("prose", () => {
  it("makes words, stress and code, and never markup out of words", () => {
    const box = document.createElement("p");
    box.append(
      ...proseNodes([
        ["text", "<img src=x> "],
        ["em", "a"],
        ["code", "<b>"],
      ]),
    );
    expect(box.innerHTML).toBe("&lt;img src=x&gt; <em>a</em><code>&lt;b&gt;</code>");
  });
});
