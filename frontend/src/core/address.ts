/** Keeps widgets' states in this page's address, without flooding the browser's history. */

import { readFragment, writeFragment } from "./fragment";
import type { Fields } from "./fragment";
import type { Address } from "./view";

const PAUSE = 400;
const written = new Map<string, Fields>(readFragment(location.hash) ?? []);
let timer = 0;

export function pageAddress(name: string): Address {
  return {
    restore(apply) {
      const read = () => {
        const fields = readFragment(location.hash)?.get(name);
        if (fields) apply(fields);
      };
      read();
      window.addEventListener("hashchange", read);
      return () => window.removeEventListener("hashchange", read);
    },
    write(fields) {
      written.set(name, fields);
      window.clearTimeout(timer);
      timer = window.setTimeout(flush, PAUSE);
    },
    link(fields) {
      return location.href.split("#")[0] + writeFragment(new Map([[name, fields]]));
    },
  };
}

function flush(): void {
  const fragment = writeFragment(written);
  const ours = readFragment(location.hash) !== null;
  if (fragment === location.hash || (!fragment && !ours)) return;
  history.replaceState(history.state, "", fragment || location.pathname + location.search);
}
