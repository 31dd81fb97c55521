/** A hunt in a link: which curve, where it was probed, whether the fog has lifted. */

import { readChoice, readInteger, readNumber, writeNumber } from "../../core/fragment";
import type { Memory } from "../../shared/toolbar";
import type { Hunt } from "./state";
import { HUNT_TRAITS } from "./state";

export function huntMemory(hunt: Hunt): Memory {
  return {
    traits: HUNT_TRAITS.filter((name) => name !== "allowed"),
    write(first) {
      const fields = new Map<string, string>();
      const { number, found, lifted, walked } = hunt;
      if (number !== first.curve) fields.set("curve", String(number + 1));
      if (found.length) fields.set("probes", found.map(({ place }) => writeNumber(place)).join(","));
      if (lifted && hunt.left > 0) fields.set("fog", "lifted");
      if (walked !== null) fields.set("walked", String(walked));
      return fields;
    },
    read(fields) {
      const values: Record<string, unknown> = {};
      const number = fields.has("curve")
        ? readInteger(fields.get("curve"), 1, hunt.programs.curves.length)
        : hunt.number + 1;
      const program = number === null ? undefined : hunt.programs.curves[number - 1];
      if (number === null || !program) return null;
      const [low, high] = program.bounds[0] ?? [0, 1];
      values.curve = number - 1;
      values.probe = (low + high) / 2;
      if (fields.has("probes")) {
        const probes = (fields.get("probes") ?? "").split(",").map((text) => readNumber(text, low, high));
        if (probes.length > hunt.allowed || probes.includes(null)) return null;
        Object.assign(values, { probes, probe: probes.at(-1), lifted: probes.length === hunt.allowed });
      }
      if (fields.has("fog")) {
        if (readChoice(fields.get("fog"), ["lifted"]) === null) return null;
        values.lifted = true;
      }
      if (fields.has("walked")) {
        const walked = readInteger(fields.get("walked"), 0, hunt.allowed - 1);
        if (walked === null || values.lifted !== true) return null;
        values.walked = walked;
      }
      return values;
    },
  };
}
