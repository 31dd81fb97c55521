// Reads one formula a line as JSON, answers one line: {"html"} or {"error"}. Ends with its input.
const katex = require(process.argv[2]);

const TALL_ROWS = { "\\arraystretch": "1.5" }; // else the fractions of two rows touch

function answer({ latex, display }) {
  const macros = /\{matrix\}[^]*\\frac/.test(latex) ? { ...TALL_ROWS } : {};
  try {
    return {
      html: katex.renderToString(latex, { displayMode: display, strict: "ignore", macros }),
    };
  } catch (error) {
    return { error: String(error.message) };
  }
}

require("node:readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n"));
