// Bundle the widgets: ES modules for notebooks and for code that runs on a page; classic scripts for pages, as a
// module does not load from file://. What others wrote travels with its licences, in licences.txt beside the bundles.
// d3-shape, d3-interpolate and d3-color stay at their last releases in many files: of the single file that came later
// esbuild cannot leave out the curves, which nobody draws (4 kB on each page).
import { readdir, readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { build } from "esbuild";

const outdir = process.argv[2] ?? "../gdlib/static";
const common = {
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
};

const built = await Promise.all([
  build({
    ...common,
    entryPoints: { widgets: "src/notebook.ts", run: "src/run/index.ts" },
    format: "esm",
    outdir,
    outExtension: { ".js": ".mjs" },
  }),
  build({
    ...common,
    entryPoints: {
      widgets: "src/page.ts",
      surface: "src/surface.ts",
      claims: "src/claims.ts",
      contents: "src/contents.ts",
      progress: "src/progress.ts",
      forms: "src/forms.ts",
    },
    format: "iife",
    outdir,
  }),
  build({ ...common, entryPoints: { widgets: "src/shared/widgets.css" }, outdir }),
]);

built.push(
  await build({
    ...common,
    entryPoints: { practice: "src/practice.ts" },
    format: "iife",
    outdir,
    plugins: [lent(await exportsOf("src/kit.ts"), inputsOf("widgets.js"))],
  }),
);

/** The names that a module exports. */
async function exportsOf(entry) {
  const { metafile } = await build({ ...common, entryPoints: [entry], format: "esm", write: false, outdir });
  return Object.values(metafile.outputs).flatMap(({ exports }) => exports);
}

/** The files of which a bundle holds something. */
function inputsOf(name) {
  const outputs = built.flatMap(({ metafile }) => Object.entries(metafile.outputs));
  const [, { inputs }] = outputs.find(([path]) => path.endsWith(`/${name}`));
  return new Set(Object.keys(inputs).filter((path) => inputs[path].bytesInOutput));
}

/** Take what the page's script holds from what it lends, by its names: nothing is there twice. */
function lent(names, inputs) {
  return {
    name: "lent",
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        if (pluginData?.looking || kind === "entry-point") return undefined;
        const found = await resolve(path, { kind, importer, resolveDir, pluginData: { looking: true } });
        const file = relative(process.cwd(), found.path).replaceAll("\\", "/");
        return inputs.has(file) ? { path: "kit", namespace: "lent" } : found;
      });
      onLoad({ filter: /./, namespace: "lent" }, () => ({
        contents: `export const { ${names.join(", ")} } = window.gdKit;`,
      }));
    },
  };
}

/** The packages that esbuild has taken files of. */
function bundled() {
  const inputs = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const found = inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(found.filter(Boolean))].sort();
}

/** A package's name, version and licence, then the text of its own licence file. */
async function licence(name) {
  const folder = `node_modules/${name}`;
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence file: what it allows is not known`);
  const { version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const text = (await readFile(`${folder}/${file}`, "utf8")).trim();
  return `${"=".repeat(80)}\n${name} ${version} (${license})\n${"=".repeat(80)}\n\n${text}\n`;
}

await writeFile(`${outdir}/licences.txt`, (await Promise.all(bundled().map(licence))).join("\n"));
