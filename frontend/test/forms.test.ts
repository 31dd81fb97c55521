// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { NamedFields } from "../src/forms/fields";
import { list, pairs } from "../src/forms/numbers";
import type { Form } from "../src/forms/places";
import { formIn, linkChapters } from "../src/forms/places";
import { showWorkbench } from "../src/forms/workbench";
import { showYourCost, codeFor as surveyFor } from "../src/forms/your-cost";

const BENCH = `<div class="cell"><div class="cell_input"><div class="gd-form">
  <textarea name="rule">step = -eta*g</textarea><button data-text="step = -eta*sign(g)">sign</button>
  <select name="on"><option value="beale" selected>Beale</option><option value="problem:two_clouds">two</option>
    <option value="formula">own</option></select>
  <div data-own><input name="formula" value="x**2"><input name="box" value=""></div>
  <input type="checkbox" name="against" value="adam" checked><input type="checkbox" name="against" value="lion">
  <input type="checkbox" name="tuned"><input name="name" value=""><input name="start" value="">
  <input name="steps" value="200"><p role="status"></p></div><pre>gd.Workbench()</pre>
  <div class="gd-run"><button>Race</button></div></div></div>`;
const COST = `<div class="cell"><div class="cell_input"><div class="gd-form"><textarea name="cost">x**2</textarea>
  <input name="box" value=""><input name="target" value=""><select name="model"><option value="" selected>auto</option>
  <option value="logistic">logistic</option></select><p role="status"></p></div>
  <pre>gd.survey("x**2")</pre></div></div>`;

const code = () => document.querySelector("pre")?.textContent ?? "";
const said = () => document.querySelector("[role=status]")?.textContent ?? "";
const field = (name: string) => document.querySelector(`[name=${name}]`) as HTMLInputElement;

function open(html: string, show: (form: Form) => void, hash = ""): void {
  location.hash = hash;
  document.body.innerHTML = html;
  const form = formIn(document.querySelector(".gd-form") as HTMLElement, "38 MB");
  if (form) show(form);
}

function type(name: string, value: string): void {
  field(name).value = value;
  field(name).dispatchEvent(new Event("input", { bubbles: true }));
}

describe("the workbench's form", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  it("leaves the cell's own code until something is changed", () => {
    open(BENCH, showWorkbench);
    expect(code()).toBe("gd.Workbench()");
    expect(said()).toContain("38 MB");
    expect(document.querySelector<HTMLElement>("[data-own]")?.hidden).toBe(true);
  });

  it("writes what it holds as code, a rule as a string whatever it says", () => {
    open(BENCH, showWorkbench);
    type("rule", 'm = 0.9*m + g\n"""\nstep = -eta*m');
    expect(code()).toContain(String.raw`rule="m = 0.9*m + g\n\"\"\"\nstep = -eta*m",`);
    expect(code()).toContain('on="beale",');
    expect(code()).toContain('against=["adam"],');
    expect(code()).toContain("steps=200,");
    for (const word of ["tuned", "start", "bounds", "name"]) expect(code()).not.toContain(`${word}=`);
    expect(said()).toContain("press Race");
    document.querySelector<HTMLElement>(".gd-run button")?.click();
    expect(said()).toBe("");
  });

  it("races on a problem, or on a formula in its box", () => {
    open(BENCH, showWorkbench);
    type("on", "problem:two_clouds");
    expect(code()).toContain("on=gd.problems.two_clouds(),");
    type("on", "formula");
    type("box", "−1, 2.5");
    expect(code()).toContain('on="x**2",');
    expect(code()).toContain("bounds=[-1, 2.5],");
    expect(document.querySelector<HTMLElement>("[data-own]")?.hidden).toBe(false);
  });

  it("says what a start is; what is none comes to Python as text, which refuses it", () => {
    open(BENCH, showWorkbench);
    type("start", "1; __import__('os')");
    expect(said()).toContain("numbers with commas");
    expect(code()).toContain(`start="1; __import__('os')",`);
    type("start", "1, -1e0");
    expect(code()).toContain("start=[1, -1],");
    type("steps", "9**9**9");
    expect(code()).toContain('steps="9**9**9",');
  });

  it("takes no space around a field for something typed", () => {
    open(BENCH, showWorkbench);
    type("steps", " 30 ");
    type("start", " 1, 2\t");
    expect(code()).toContain("steps=30,");
    expect(code()).toContain("start=[1, 2],");
    for (const name of ["start", "name"]) type(name, "  ");
    expect(said()).toContain("press Race");
    for (const word of ["start", "name"]) expect(code()).not.toContain(`${word}=`);
  });

  it("stands in the address, and comes back from it", () => {
    open(BENCH, showWorkbench);
    document.querySelector("button")?.click();
    field("tuned").checked = true;
    type("on", "formula");
    vi.runAllTimers();
    const link = location.hash;
    expect(link).toContain("rule=step%20%3D%20-eta*sign(g)");
    open(BENCH, showWorkbench, link);
    expect(field("rule").value).toBe("step = -eta*sign(g)");
    expect(field("tuned").checked).toBe(true);
    expect(code()).toContain("tuned=True,");
    expect(code()).toContain('on="x**2",');
  });

  it.each([
    "on=nowhere",
    "against=adam,adam",
    "against=adam,sgd",
    "tuned=1",
    "who=me",
    "name=a%0Ab",
    `rule=${"g".repeat(4001)}`,
  ])("takes no part of a link that says what no field can hold: %s", (part) => {
    open(BENCH, showWorkbench, `#gd/workbench?steps=7&${part}`);
    expect(field("steps").value).toBe("200");
    expect(code()).toBe("gd.Workbench()");
    expect(said()).toContain("This link");
  });
});

describe("the form of a reader's cost", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  it("takes one line as a formula with a box, several as a table with a target", () => {
    const given = (values: Record<string, string>) => ({ get: (name: string) => values[name] ?? "" });
    const both = given({ box: "-1, 1", target: "y", model: "logistic" });
    const formula = surveyFor(" x**2 ", both);
    expect(formula).toContain('"x**2",');
    expect(formula).toContain("bounds=[-1, 1],");
    expect(formula).not.toContain("target");
    const table = surveyFor("x,y\n1,2", both);
    expect(table).toContain(String.raw`"x,y\n1,2\n",`);
    expect(table).toContain('target="y",');
    expect(table).toContain('model="logistic",');
    expect(table).not.toContain("bounds");
  });

  it("keeps a formula in the address, and a table out of it", () => {
    open(COST, showYourCost);
    type("cost", "x**4 - x**2");
    vi.runAllTimers();
    expect(location.hash).toContain("cost=x**4%20-%20x**2");
    type("cost", "age,wage\n31,4000\n");
    type("target", "wage");
    vi.runAllTimers();
    expect(location.hash).not.toContain("4000");
    expect(location.hash).toContain("target=wage");
    expect(said()).toContain("out of this page’s address");
  });

  it("comes back from a link", () => {
    open(COST, showYourCost, "#gd/your-cost?cost=x**4&box=-1,1");
    expect(code()).toContain('"x**4",');
    expect(code()).toContain("bounds=[-1, 1],");
    expect(said()).toContain("press Survey");
  });
});

describe("what is typed", () => {
  it("is a list of numbers or nothing", () => {
    expect(list("1, -2.5e-3,.5")).toBe("[1, -0.0025, 0.5]");
    for (const text of ["", "1,", "1;2", "0x10", "1e9999", "1e999", "inf", "1 2"]) expect(list(text)).toBeNull();
  });

  it("is written as Python reads it: no zeros in front, no thousands of digits", () => {
    expect(list("007, -01.50, +2")).toBe("[7, -1.5, 2]");
    expect(list(`0.${"3".repeat(5000)}`)).toBe("[0.3333333333333333]");
    expect(list("9".repeat(5000))).toBeNull();
  });

  it("is pairs or nothing", () => {
    expect(pairs("-3, 3")).toBe("[-3, 3]");
    expect(pairs("-3,3; 0,1")).toBe("[[-3, 3], [0, 1]]");
    for (const text of ["", "1", "1,2,3", "1,2;", "1,2;3"]) expect(pairs(text)).toBeNull();
  });

  it("is known by its field's name", () => {
    document.body.innerHTML = BENCH;
    const fields = new NamedFields(document.body);
    expect(fields.get("against")).toBe("adam");
    expect(fields.get("tuned")).toBe("no");
    expect(fields.get("nothing")).toBe("");
  });
});

describe("what is said of a chapter", () => {
  const output = (html: string) => {
    document.body.innerHTML = `<div class="cell"><div class="cell_output">${html}</div></div>`;
    linkChapters(document.querySelector(".cell") as HTMLElement);
    return document.querySelector(".cell_output")?.innerHTML;
  };

  it("leads to its section", () => {
    expect(output('Read: <span data-chapter="04-valleys" data-section="sec-valleys-axes">chapter 4</span>.')).toBe(
      'Read: <a href="04-valleys.html#sec-valleys-axes">chapter 4</a>.',
    );
  });

  it("leads nowhere else", () => {
    for (const chapter of ["javascript:x", "//host/x", "", "a b"]) {
      const html = `<span data-chapter="${chapter}" data-section="s">words</span>`;
      expect(output(html)).toBe(html);
    }
  });
});
