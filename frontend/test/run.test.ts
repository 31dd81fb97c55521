// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { draft, keepDraft } from "../src/run/drafts";
import type { CommMessage, Kernel, Message } from "../src/run/kernel";
import { MOST_PRINTED, Outputs, plain } from "../src/run/outputs";
import { Models } from "../src/run/widgets";

describe("what a cell shows", () => {
  let place: HTMLElement;
  let outputs: Outputs;
  const words = () => [...place.children].map((child) => `${child.className}: ${child.textContent}`);
  const stream = (text: string, name = "stdout"): Message => ({ type: "stream", bundle: { name, text } });
  const data = (mime: string, text: string): Message => ({ type: "display_data", bundle: { data: { [mime]: text } } });

  beforeEach(() => {
    document.body.innerHTML = '<div><div class="output stream">as it was</div></div>';
    place = document.body.firstElementChild as HTMLElement;
    outputs = new Outputs(place, () => false);
  });

  it("stays as it was until something comes", () => {
    expect(words()).toEqual(["output stream: as it was"]);
    outputs.take(stream("new"));
    expect(words()).toEqual(["output stream: new"]);
  });

  it("is nothing if the cell ends without an output", () => {
    outputs.end();
    expect(words()).toEqual([]);
  });

  it("joins what one stream says, and keeps two apart", () => {
    for (const [text, name] of [["a\n"], ["b\n"], ["oh", "stderr"], ["c"]] as const) outputs.take(stream(text, name));
    expect(words()).toEqual(["output stream: a\nb\n", "output stream: oh", "output stream: c"]);
  });

  it("shows the last of what a line said before it began again, as a terminal does", () => {
    for (const text of ["first\n", " 10 %", "\r 50 %", "\r100 %\n", "done\r\n"]) outputs.take(stream(text));
    expect(words()).toEqual(["output stream: first\n100 %\ndone\r\n"]);
  });

  it("cuts what is printed without end, and says so once", () => {
    const line = "x".repeat(999);
    for (let i = 0; i < 200; i++) outputs.take(stream(`${line}\n`));
    expect(place.querySelector("pre")?.textContent?.length).toBe(MOST_PRINTED);
    expect(place.textContent?.match(/is not shown/g)).toHaveLength(1);
  });

  it("reads no line again for the next one: a megabyte and ten thousand lines are soon there", () => {
    outputs.take(stream("x".repeat(1_000_000)));
    outputs.take({ type: "clear_output", bundle: { wait: false } });
    for (let i = 0; i < 10_000; i++) outputs.take(stream(`${i}\n`));
    expect(place.textContent).toContain("9999\n");
  });

  it("shows no terminal's colours, and says where packages are that the page has not", () => {
    outputs.take(stream("\x1b[31mred\x1b[0m"));
    const missing = { ename: "ModuleNotFoundError", evalue: "No module named 'torch'", traceback: [] };
    outputs.take({ type: "execute_error", bundle: missing });
    expect(words().slice(0, 2)).toEqual([
      "output stream: red",
      `output traceback: ${missing.ename}: ${missing.evalue}`,
    ]);
    expect(place.textContent).toContain("take the chapter’s notebook");
  });

  it("shows the richest form: HTML before LaTeX before words; no script of it runs", () => {
    const loud = vi.spyOn(console, "log");
    outputs.take({ type: "execute_result", bundle: { data: { "text/plain": "x", "text/latex": "$x^2$" } } });
    outputs.take(data("text/html", "<b>bold</b><script>console.log('ran')</script>"));
    outputs.take(data("text/plain", "<b>"));
    expect(place.querySelector("msup")).not.toBeNull();
    expect(place.querySelector("b")?.textContent).toBe("bold");
    expect(place.lastElementChild?.textContent).toBe("<b>");
    expect(loud).not.toHaveBeenCalled();
  });

  it("says of a widget that the page has not where it works", () => {
    const view = "application/vnd.jupyter.widget-view+json";
    const words = { "text/plain": "interactive(children=())", [view]: { model_id: "other" } };
    outputs.take({ type: "display_data", bundle: { data: words } });
    expect(place.textContent).toContain("they work in JupyterLab");
    expect(place.textContent).not.toContain("interactive");
  });

  it("changes what was shown under a name, and clears at once or with the next output", () => {
    const named = (type: "display_data" | "update_display_data", text: string): Message => ({
      type,
      bundle: { data: { "text/plain": text }, transient: { display_id: "one" } },
    });
    outputs.take(named("display_data", "before"));
    outputs.take(named("update_display_data", "after"));
    expect(words()).toEqual(["output text_plain: after"]);
    outputs.take({ type: "clear_output", bundle: { wait: true } });
    expect(words()).toEqual(["output text_plain: after"]);
    outputs.take(stream("next"));
    expect(words()).toEqual(["output stream: next"]);
    outputs.take({ type: "clear_output", bundle: { wait: false } });
    expect(words()).toEqual([]);
  });

  it("keeps a figure's caption and its words; a map has a picture for the dark", () => {
    place.innerHTML = '<figure><picture><img alt="A bowl"></picture><figcaption>Figure 1</figcaption></figure>';
    outputs = new Outputs(place, () => false);
    const forms = { wide: { size: [4, 3], webp: "bGlnaHQ=" }, "dark wide": { size: [4, 3], webp: "ZGFyaw==" } };
    outputs.take({ type: "display_data", bundle: { data: { "application/vnd.gdlib.figure+json": forms } } });
    expect(place.querySelector("figcaption")?.textContent).toBe("Figure 1");
    expect(place.querySelector("img")?.alt).toBe("A bowl");
    expect(place.querySelector("source")?.dataset.dark).toBe("data:image/webp;base64,ZGFyaw==");
  });

  it("tells an error without a terminal's colours", () => {
    expect(plain("\x1b[31mCell \x1b[0;32mIn[3], line 2\x1b[0m")).toBe("Cell In[3], line 2");
  });
});

describe("a widget that Python made", () => {
  it("tells Python what the reader sets, once, and does not tell it back what Python sets", () => {
    const tell = vi.fn();
    const models = new Models();
    const kernel = () => ({ tell }) as unknown as Kernel;
    const hear = (type: CommMessage["type"], content: Omit<CommMessage["content"], "comm_id">) =>
      models.hear(kernel, { type, content: { comm_id: "one", ...content } });
    hear("comm_open", { target_name: "jupyter.widget", data: { state: { rate: 0.1, steps: 4 } } });
    const model = models.get("one");
    model?.set("rate", 0.2);
    model?.save_changes();
    model?.save_changes();
    expect(tell.mock.calls).toEqual([["one", { method: "update", state: { rate: 0.2 }, buffer_paths: [] }]]);
    const moved = vi.fn();
    model?.on("change:steps", moved);
    hear("comm_msg", { data: { method: "update", state: { steps: 9 } } });
    model?.save_changes();
    expect(moved).toHaveBeenCalledOnce();
    expect(model?.get("steps")).toBe(9);
    expect(tell).toHaveBeenCalledOnce();
    hear("comm_close", { data: {} });
    expect(models.get("one")).toBeUndefined();
  });
});

describe("what was typed into a cell", () => {
  const cell = { number: 3 };

  beforeEach(() => localStorage.clear());

  it("is there again, until it is the page's own code or that has changed", () => {
    keepDraft(cell, "own", "mine");
    expect(draft(cell, "own")).toBe("mine");
    expect(draft({ number: 4 }, "own")).toBeNull();
    expect(draft(cell, "another edition's")).toBeNull();
    keepDraft(cell, "own", "own");
    expect(draft(cell, "own")).toBeNull();
  });

  it("is nothing where something else was kept", () => {
    for (const odd of ["3", '"text"', '{"own": "own"}', '{"own": "own", "code": 3}', "spoilt"]) {
      keepDraft(cell, "own", "mine");
      for (const key of Object.keys(localStorage)) localStorage.setItem(key, odd);
      expect(draft(cell, "own")).toBeNull();
    }
  });
});
