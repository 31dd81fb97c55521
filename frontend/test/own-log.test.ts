// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { codeFor, showOwnLog } from "../src/forms/own-log";
import { decoded } from "../src/forms/own-text";
import type { Form } from "../src/forms/places";
import { formIn } from "../src/forms/places";

describe("a reader's own log", () => {
  let cell: HTMLElement;
  let area: HTMLTextAreaElement;
  const code = () => cell.querySelector("pre")?.textContent ?? "";

  beforeEach(() => {
    document.body.innerHTML = `<div class="cell"><div class="cell_input"><div class="gd-form"><textarea></textarea>
      <input type="file"><button data-text="1&#10;0.5">falls</button><p role="status"></p></div>
      <pre hidden></pre></div></div>`;
    cell = document.body.firstElementChild as HTMLElement;
    area = cell.querySelector("textarea") as HTMLTextAreaElement;
    showOwnLog(formIn(cell.querySelector(".gd-form") as HTMLElement, "38 MB") as Form);
  });

  it("stays with the reader, and says what the first press loads", () => {
    expect(cell.querySelector("[role=status]")?.textContent).toMatch(/38 MB, once. Your log stays here.$/);
  });

  it("becomes code that says what cannot be read instead of failing", () => {
    area.value = 'step "1"\nloss\\n';
    area.dispatchEvent(new Event("input"));
    expect(code()).toContain(String.raw`gd.diagnose("step \"1\"\nloss\\n\n")`);
    expect(code()).toContain("except ValueError as error:");
  });

  it("is an example's when that is pressed", () => {
    cell.querySelector("button")?.click();
    expect(area.value).toBe("1\n0.5");
    expect(code()).toContain(String.raw`gd.diagnose("1\n0.5\n")`);
  });

  it("has no line of its own: whatever it says, it stays a string", () => {
    const odd = '"""\r\n\'\u2028\u0000 # $(x) \\N{DOLLAR SIGN}';
    expect(codeFor(odd).split("\n")).toHaveLength(5);
  });

  it("may be a file of PowerShell's", () => {
    const little = new Uint8Array([0xff, 0xfe, 0x31, 0, 0x0a, 0]);
    const big = new Uint8Array([0xfe, 0xff, 0, 0x31, 0, 0x0a]);
    const plain = new TextEncoder().encode("1\n");
    for (const bytes of [little, big, plain]) expect(decoded(bytes.buffer as ArrayBuffer)).toBe("1\n");
  });
});
