// Cuts fonts to the letters that are used: {"fonts": [...], "letters": "..."} as JSON comes in, the files are rewritten.
const { readFileSync, writeFileSync } = require("node:fs");
const subset = require(process.argv[2]);

const FEATURES = ["ccmp", "kern", "liga", "lnum", "mark", "mkmk", "tnum"];

async function cut(font, letters) {
  const options = { targetFormat: "woff2", noHinting: true, keepFeatures: FEATURES };
  // Bold italics are rare, and browsers make them; a second master for them would weigh half as much again.
  if (font.includes("-wght-")) options.variationAxes = { wght: font.includes("italic") ? 400 : { min: 400, max: 700 } };
  writeFileSync(font, await subset(readFileSync(font), letters, options));
}

async function main() {
  const { fonts, letters } = JSON.parse(readFileSync(0, "utf8"));
  for (const font of fonts) await cut(font, letters);
}

main();
