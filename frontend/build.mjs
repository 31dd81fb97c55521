// Bundle the widgets: an ES module for notebooks, classic scripts for pages (a module does not load from file://).
import { build } from "esbuild";

const outdir = process.argv[2] ?? "../gdlib/static";
const common = { bundle: true, minify: true, target: "es2022", legalComments: "none", logLevel: "warning" };

await Promise.all([
  build({ ...common, entryPoints: { widgets: "src/notebook.ts" }, format: "esm", outdir, outExtension: { ".js": ".mjs" } }),
  build({ ...common, entryPoints: { widgets: "src/page.ts" }, format: "iife", outdir }),
  build({ ...common, entryPoints: { surface: "src/surface.ts" }, format: "iife", outdir }),
  build({ ...common, entryPoints: { widgets: "src/styles/widgets.css" }, outdir }),
]);
