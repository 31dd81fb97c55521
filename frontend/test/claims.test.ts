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
    press(place, "It does not hold.");
    expect(of(place, ".gd-trial").hidden).toBe(false);
    expect(said(place)).toContain("That is not right.");
    expect(said(place)).toContain("Ruled. Why.");
    expect(place.querySelectorAll(".gd-guess button")).toHaveLength(0);
  });

  it("says so where the reader is right, and counts it", () => {
    const [first, second] = [...document.querySelectorAll(".gd-claim")] as [HTMLElement, HTMLElement];
    press(first, "It holds when …");
    press(second, "It holds when …");
    expect(said(first)).toContain("That is right.");
    expect(said(second)).toContain("That is not right.");
    expect(of(document, ".gd-claims-filter [role=status]").textContent).toBe(
      "You have judged 2 of 3 claims, 1 rightly.",
    );
  });

  it("moves a ring along the values and says what is so there", () => {
    const place = of(document, ".gd-claim");
    press(place, "It holds.");
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
    expect(said(of(document, ".gd-claim"))).not.toContain("You said");
  });
});
