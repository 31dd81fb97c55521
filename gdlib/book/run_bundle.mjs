// Run the real bundle on the programs given on stdin; print a path for each.
import { pathToFileURL } from "node:url";
import { text } from "node:stream/consumers";

const { descend } = await import(pathToFileURL(process.argv[2]).href);
const cases = JSON.parse(await text(process.stdin));
const runs = cases.map(({ landscape, rule, settings, start, steps }) => {
  const run = descend(landscape, rule, settings, start, steps);
  return { points: Array.from(run.points), values: Array.from(run.values), ending: run.ending };
});
process.stdout.write(JSON.stringify(runs));
