// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { PageModel } from "../src/core/model";
import type { Widget } from "../src/core/widget";
import { mount } from "../src/registry";

vi.stubGlobal(
  "IntersectionObserver",
  class {
    observe() {}
    disconnect() {}
  },
);

const host = { loadSurface: () => Promise.reject(new Error("no view in space here")) };
const model = new PageModel({ _kind: "Pendulum" });
const pendulum: Widget = { label: "Pendulum", render: (view) => view.root.append("It swings.") };
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("a widget of another script", () => {
  beforeEach(() => {
    document.body.replaceChildren();
    vi.spyOn(console, "error").mockImplementation(() => {});
  });

  it("is mounted when its script is there, and undone", async () => {
    const undo = mount(model, document.body, host, () => Promise.resolve(new Map([["Pendulum", pendulum]])));
    await settled();
    expect(document.body.textContent).toContain("It swings.");
    undo();
    expect(document.body.textContent).toBe("");
  });

  it("is not mounted once it is no longer wanted", async () => {
    mount(model, document.body, host, () => Promise.resolve(new Map([["Pendulum", pendulum]])))();
    await settled();
    expect(document.body.textContent).toBe("");
  });

  it("says in its place that no script knows it", async () => {
    mount(model, document.body, host, () => Promise.resolve(new Map()));
    await settled();
    expect(document.body.textContent).toContain("knows no widget called Pendulum");
  });

  it("says in its place that its script did not load", async () => {
    mount(model, document.body, host, () => Promise.reject(new Error("practice.js did not load")));
    await settled();
    expect(document.body.textContent).toContain("practice.js did not load");
  });
});
