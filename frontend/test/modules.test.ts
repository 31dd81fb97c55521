/// <reference types="vite/client" />
import { describe, expect, it } from "vitest";

const sources = import.meta.glob<string>("../src/**/*.ts", { query: "?raw", import: "default", eager: true });
const text = new Map(Object.entries(sources).map(([path, source]) => [path.replace("../src/", ""), source]));
const modules = [...text.keys()].filter((file) => file.endsWith(".ts"));

/** Imports point down this list, types too; a widget's folder knows no other widget's. */
const ORDER = ["core", "plots", "shared", "widgets", "exercises", "run", "forms", ""];
const IMPORT = /(?:from|import) "(\.[^"]+)"|import\("(\.[^"]+)"\)/g;

/** The modules that one imports; a folder stands for its index. */
function importsOf(module: string): string[] {
  const named = [...(text.get(module) ?? "").matchAll(IMPORT)].map(([, statement, call]) => statement ?? call ?? "");
  return named.flatMap((name) => {
    const path = new URL(name, `https://src/${module}`).pathname.slice(1);
    return [`${path}.ts`, `${path}/index.ts`].filter((known) => text.has(known));
  });
}

const imports = new Map(modules.map((module) => [module, importsOf(module)]));

/** The way from a module back to itself, or nothing. */
function circle(module: string): string[] {
  const ways = [[module]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of imports.get(way.at(-1) ?? "") ?? []) {
      if (next === module) return [...way, next];
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return [];
}

const folder = (module: string) => module.split("/").slice(0, -1);
const rank = (module: string) => ORDER.indexOf(folder(module)[0] ?? "");

describe("the front end's modules", () => {
  it("are all found, and their imports too", () => {
    expect(modules.length).toBeGreaterThan(60);
    expect(imports.get("notebook.ts")).toContain("registry.ts");
    expect(imports.get("registry.ts")).toContain("widgets/quiz/index.ts");
    expect(imports.get("core/model.ts")).toEqual([]);
  });

  it("never import each other in a circle, not even types", () => {
    expect(modules.map(circle).filter((way) => way.length)).toEqual([]);
  });

  it.each(modules)("import only what is below: %s", (module) => {
    expect(rank(module)).toBeGreaterThanOrEqual(0);
    for (const other of imports.get(module) ?? []) {
      expect(rank(other)).toBeLessThanOrEqual(rank(module));
      if (folder(module)[0] === "widgets" && folder(other)[0] === "widgets")
        expect(folder(other)).toEqual(folder(module));
    }
  });
});
