// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { PageModel } from "../src/core/model";
import { View } from "../src/core/view";
import { answered, PROMPT, waitForAnswer } from "../src/shared/prediction";
import { explainedTable } from "../src/shared/table";
import { Player } from "../src/widgets/path-player/state";

const host = { loadSurface: () => Promise.reject(new Error("no view in space here")) };

const PATH = { name: "walk", steps: 2, unit: [1, 1], moves: [3, 4, -1, 0, -1, 0], heights: [9, 4, 1] } as const;

/** Put the figure that was made last in sight, or out of it. */
let sight: (isIntersecting: boolean) => void = () => {};
vi.stubGlobal(
  "IntersectionObserver",
  class {
    constructor(seen: (entries: readonly { readonly isIntersecting: boolean }[]) => void) {
      sight = (isIntersecting) => seen([{ isIntersecting }]);
    }
    observe() {}
    disconnect() {}
  },
);

/** A chapter's first screen: a quiz, and a figure with a caption. */
function opening(kind = "gd-opening"): { quiz: View; figure: View; page: HTMLElement; form: HTMLElement } {
  document.body.innerHTML = `<div class="${kind}"><section></section>
    <figure><div class="gd-widget"></div><figcaption><span class="caption-text">It falls.</span></figcaption></figure>
  </div>`;
  const at = (selector: string) => document.querySelector(selector) as HTMLElement;
  const quiz = new View(new PageModel({}), at("section"), host, "Question");
  const form = document.createElement("form");
  form.className = "gdw-quiz";
  quiz.root.append(form);
  const model = new PageModel({ frame: null, _programs: { paths: [PATH], every: 1, notes: [] } });
  const figure = new View(model, at(".gd-widget"), host, "Path player");
  return { quiz, figure, form, page: document.body };
}

const caption = (page: HTMLElement) => page.querySelector("figcaption")?.textContent;

describe("a figure beside a question", () => {
  beforeEach(() => document.body.replaceChildren());

  it("waits while the question has no answer", () => {
    const { figure, page } = opening();
    waitForAnswer(figure);
    expect(figure.waiting).toBe(true);
    expect(page.querySelector("figure")?.hasAttribute("data-waiting")).toBe(true);
    expect(caption(page)).toContain("after your prediction");
  });

  it("does not wait beside an answered question, nor without one, nor in a notebook", () => {
    const beside = opening();
    beside.form.toggleAttribute("data-answered", true);
    waitForAnswer(beside.figure);
    expect(beside.figure.waiting).toBe(false);
    const alone = opening();
    alone.form.remove();
    waitForAnswer(alone.figure);
    expect(alone.figure.waiting).toBe(false);
    const notebook = opening("cells");
    waitForAnswer(notebook.figure);
    expect(notebook.figure.waiting).toBe(false);
  });

  it("tells all once the question is answered", () => {
    const { quiz, figure, page } = opening();
    const told = vi.fn();
    waitForAnswer(figure);
    figure.onReveal(told);
    answered(quiz);
    expect(figure.waiting).toBe(false);
    expect(told).toHaveBeenCalledOnce();
    expect(caption(page)).toBe("It falls.");
    expect(page.querySelector("[data-waiting]")).toBeNull();
    answered(quiz);
    expect(told).toHaveBeenCalledOnce();
  });

  it("does not listen to another question", () => {
    const { figure, page } = opening();
    waitForAnswer(figure);
    const other = new View(new PageModel({}), page, host, "Question");
    answered(other);
    expect(figure.waiting).toBe(true);
  });

  it("tells all before the first change that is made to it, and at no change", () => {
    const { figure } = opening();
    waitForAnswer(figure);
    const seen: boolean[] = [];
    figure.onChange(["frame"], () => seen.push(figure.waiting));
    figure.set({ frame: null });
    expect(figure.waiting).toBe(true);
    figure.set({ frame: 1 });
    expect(seen).toEqual([false]);
  });

  it("tells all on paper, and when it fails", () => {
    const printed = opening();
    waitForAnswer(printed.figure);
    window.dispatchEvent(new Event("beforeprint"));
    expect(printed.figure.waiting).toBe(false);
    const failed = opening();
    waitForAnswer(failed.figure);
    vi.spyOn(console, "error").mockImplementationOnce(() => {});
    failed.figure.fail(new Error("nothing works"));
    expect(caption(failed.page)).toBe("It falls.");
  });
});

describe("time", () => {
  it("never runs backwards, though a frame began before it was asked for", () => {
    const { figure } = opening();
    const frames: FrameRequestCallback[] = [];
    vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) => frames.push(frame));
    sight(true);
    const seen: number[] = [];
    const begun = performance.now();
    figure.animate((elapsed) => seen.push(elapsed) < 2);
    for (const late of [-500, -450, 0]) frames.at(-1)?.(begun + late);
    expect(seen).toEqual([0, 50]);
  });
});

describe("what waits", () => {
  it("is every point of a path but the first, and the words", () => {
    const { figure } = opening();
    const player = new Player(figure);
    const words = explainedTable(
      figure,
      [],
      () => [],
      () => "It fell to 1.",
    );
    waitForAnswer(figure);
    words.update();
    expect(player.frame).toBe(0);
    expect(player.paths.map(({ points, heights }) => [[...points], heights])).toEqual([[[3, 4], [9]]]);
    expect(player.last).toBe(2);
    expect(words.element.textContent).toBe(PROMPT);
    figure.reveal();
    words.update();
    expect(player.frame).toBe(2);
    expect(player.paths[0]?.points).toHaveLength(6);
    expect(words.element.textContent).toBe("It fell to 1.");
  });
});
