// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { codeFor, decoded, showOwnLog } from "../src/run/own-log";

describe("a reader's own log", () => {
  let cell: HTMLElement;
  let area: HTMLTextAreaElement;
  const code = () => cell.querySelector("pre")?.textContent ?? "";

  beforeEach(() => {
    document.body.innerHTML = `<div class="cell" hidden><div class="cell_input"><textarea></textarea>
      <input type="file"><button data-log="1&#10;0.5">falls</button><pre hidden></pre></div></div>`;
    cell = document.body.firstElementChild as HTMLElement;
    area = cell.querySelector("textarea") as HTMLTextAreaElement;
    showOwnLog(cell, "38 MB");
  });

  it("is shown where a script can read it", () => {
    expect(cell.hidden).toBe(false);
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
