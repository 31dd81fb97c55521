// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { start } from "../src/claims";

const claim = (verdict: string, part: string, holds: string) => `
  <section class="one"><div class="gd-claim" data-verdict="${verdict}" data-part="${part}"><p>Experiment.</p>
    <div class="gd-trial"><p class="gd-ruling"><strong>Ruled.</strong> Why.</p>
      <figure><svg><g transform="translate(1,2)"></g><g transform="translate(3,4)"></g></svg></figure>
      <table><thead><tr><th>rate</th><th>steps</th><th>the claim</th></tr></thead>
        <tbody><tr><td>0.1</td><td>7</td><td>fails</td></tr>
          <tr><td>1</td><td>9</td><td>${holds}</td></tr></tbody></table></div></div></section>`;

const of = (root: ParentNode, selector: string) => root.querySelector(selector) as HTMLElement;
const said = (root: ParentNode) => of(root, ".gd-guess [role=status]").textContent;
const press = (root: ParentNode, words: string) =>
  [...root.querySelectorAll("button")].find((button) => button.textContent === words)?.click();

beforeEach(() => {
  document.body.innerHTML = `<section><section>
    <div class="gd-claims-filter" hidden>
      <select name="verdict"><option value="">all</option><option>holds</option><option>holds when</option></select>
      <select name="part"><option value="">all</option><option>I</option><option>II</option></select>
      <button>Show all verdicts</button><p role="status"></p></div></section>
    <section id="i">${claim("holds when", "I", "holds")}${claim("holds", "I", "holds")}</section>
    <section id="ii">${claim("does not hold", "II", "fails")}</section></section>`;
  start(document);
});

describe("a claim", () => {
  it("keeps its verdict back until the reader has judged", () => {
    const place = of(document, ".gd-claim");
    expect(of(place, ".gd-trial").hidden).toBe(true);
    expect(said(place)).toBe("");
    press(place, "My verdict: it holds at none of them");
    expect(of(place, ".gd-trial").hidden).toBe(false);
    expect(said(place)).toContain("You placed 1 of 2 values rightly: it does hold at 1.");
    expect(said(place)).toContain("Ruled. Why.");
    expect(place.querySelectorAll(".gd-guess button")).toHaveLength(0);
  });

  it("is marked value by value, and unmarked again", () => {
    const place = of(document, ".gd-claim");
    const verdict = () => of(place, ".gd-judge").textContent;
    press(place, "0.1");
    expect(verdict()).toBe("My verdict: it holds at 1 of these 2");
    expect(of(place, ".gd-values button").getAttribute("aria-pressed")).toBe("true");
    press(place, "1");
    expect(verdict()).toBe("My verdict: it holds at all of them");
    press(place, "0.1");
    expect(of(place, ".gd-values button").getAttribute("aria-pressed")).toBe("false");
    press(place, "My verdict: it holds at 1 of these 2");
    expect(said(place)).toContain("You placed all 2 values rightly.");
  });

  it("counts the claims and the values that were placed rightly", () => {
    const [first, second, third] = [...document.querySelectorAll(".gd-claim")] as HTMLElement[];
    press(first as HTMLElement, "My verdict: it holds at none of them");
    press(second as HTMLElement, "0.1");
    press(second as HTMLElement, "My verdict: it holds at 1 of these 2");
    press(third as HTMLElement, "My verdict: it holds at none of them");
    expect(said(second as HTMLElement)).toContain("0 of 2 values rightly: it does hold at 1; it fails at 0.1.");
    expect(of(document, ".gd-claims-filter [role=status]").textContent).toBe(
      "You have judged 3 of 3 claims, and 3 of their 6 values rightly.",
    );
  });

  it("moves a ring along the values and says what is so there", () => {
    const place = of(document, ".gd-claim");
    press(place, "My verdict: it holds at none of them");
    const slider = of(place, "input") as HTMLInputElement;
    const words = () => of(place, ".gd-move [role=status]").textContent;
    expect(words()).toBe("rate: 1; steps: 9. Here the claim holds.");
    slider.value = "0";
    slider.dispatchEvent(new Event("input"));
    expect(words()).toBe("rate: 0.1; steps: 7. Here the claim fails.");
    expect(slider.getAttribute("aria-valuetext")).toBe("0.1, the claim fails");
    expect(of(place, ".gd-at").getAttribute("transform")).toBe("translate(1,2)");
    expect(of(place, "label").getAttribute("for")).toBe(slider.id);
  });
});

describe("the filter", () => {
  const shown = () => [...document.querySelectorAll<HTMLElement>(".one")].map((one) => !one.hidden);
  const choose = (name: string, value: string) => {
    const select = of(document, `select[name=${name}]`) as HTMLSelectElement;
    select.value = value;
    select.dispatchEvent(new Event("change"));
  };

  it("shows claims of one verdict and one part, and hides parts without any", () => {
    expect(of(document, ".gd-claims-filter").hidden).toBe(false);
    choose("part", "I");
    expect(shown()).toEqual([true, true, false]);
    expect(of(document, "#ii").hidden).toBe(true);
    choose("verdict", "holds");
    expect(shown()).toEqual([false, true, false]);
    choose("part", "II");
    expect(shown()).toEqual([false, false, false]);
    expect(of(document, ".gd-claims-filter [role=status]").textContent).toBe("0 of 3 claims are shown.");
    choose("part", "");
    choose("verdict", "");
    expect(shown()).toEqual([true, true, true]);
    expect(of(document, "#ii").hidden).toBe(false);
  });

  it("shows all verdicts at once, and counts none of them as judged", () => {
    press(of(document, ".gd-claims-filter"), "Show all verdicts");
    for (const trial of document.querySelectorAll<HTMLElement>(".gd-trial")) expect(trial.hidden).toBe(false);
    expect(document.querySelectorAll(".gd-guess button")).toHaveLength(0);
    expect(said(of(document, ".gd-claim"))).not.toContain("You placed");
  });
});
