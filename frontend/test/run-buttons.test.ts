// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { showRunButtons } from "../src/run/buttons";

const cell = (number: number, kinds: string) =>
  `<div class="cell ${kinds} gd-cell-${number}"><div class="cell_input"><pre>x = ${number}</pre></div></div>`;

describe("the bar below a cell", () => {
  const found = (number: number, selector: string) => document.querySelector(`.gd-cell-${number} ${selector}`);

  beforeEach(() => {
    document.body.innerHTML = cell(0, "") + cell(1, "tag_torch tag_skip-execution") + cell(2, "tag_quiz");
    showRunButtons(document, { base: "", amount: "1 MB", mount: () => {}, note: () => {} });
  });

  it("runs what Python in a browser can run", () => {
    expect(found(0, ".gd-run button")?.textContent).toBe("Run");
    expect(found(0, ".gd-run-not")).toBeNull();
  });

  it("says in place of a button what it cannot", () => {
    expect(found(1, "button")).toBeNull();
    expect(found(1, ".gd-run")).toBeNull();
    expect(found(1, ".gd-run-not")?.textContent).toBe("Needs PyTorch, which does not run on a page.");
  });

  it("is not below a quiz", () => {
    expect(found(2, ".gd-run")).toBeNull();
    expect(found(2, ".gd-run-not")).toBeNull();
  });
});
