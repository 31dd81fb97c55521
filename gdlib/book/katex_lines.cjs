// Reads one formula a line as JSON, answers one line: {"html"} or {"error"}. Ends with its input.
const katex = require(process.argv[2]);

function answer({ latex, display }) {
  try {
    return { html: katex.renderToString(latex, { displayMode: display, strict: "ignore" }) };
  } catch (error) {
    return { error: String(error.message) };
  }
}

require("node:readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n"));
