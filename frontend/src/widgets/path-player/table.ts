/** Where each path is, as numbers. */

import { formatNumber, formatPoint } from "../../core/format";
import type { Part } from "../../core/part";
import type { MethodStyle } from "../../core/theme";
import { symbolPath } from "../../plots/swatch";
import { explainedTable, row } from "../../shared/table";
import type { PlayedPath } from "./paths";
import { frameOf, pointOf, stepOf } from "./paths";
import type { Player } from "./state";

/** The table of all paths, and below it what is said of the moment. */
export function positions(player: Player): Part {
  const withHeights = player.paths.some((path) => path.heights);
  const cells = (path: PlayedPath) => {
    const { frame, program } = player;
    const cost = path.heights?.[frameOf(path, frame)];
    const place = [String(stepOf(path, frame, program.every)), formatPoint(pointOf(path, frame))];
    return withHeights ? [...place, cost === undefined ? "" : formatNumber(cost)] : place;
  };
  const rows = () => {
    const { styles } = player;
    return player.paths.map((path, i) => {
      const style = styles[i] as MethodStyle;
      return row([symbolPath(style), path.name], style.colour, cells(path));
    });
  };
  const columns = ["path", player.unit.toLowerCase(), "point", ...(withHeights ? ["J"] : [])];
  return explainedTable(player.view, columns, rows, () => player.note);
}
