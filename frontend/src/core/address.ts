/** Keeps widgets' states in this page's address, without flooding the browser's history. */

import type { Fields } from "./fragment";
import { readFragment, writeFragment } from "./fragment";
import type { Address } from "./host";

const PAUSE = 400;
/** What this script has written; what others have stands in the address already. */
const written = new Map<string, Fields>();
let timer = 0;
/** The page's first widget speaks up where a fragment names none. */
let first: string | null = null;

export function pageAddress(name: string): Address {
  first ??= name;
  return {
    restore(apply) {
      const read = () => {
        const found = readFragment(location.hash);
        if (found?.has(name)) apply(found.get(name) ?? null);
        else if (found?.size === 0 && name === first) apply(null);
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
  const found = readFragment(location.hash);
  const others = [...(found ?? [])].flatMap(([name, fields]): [string, Fields][] => (fields ? [[name, fields]] : []));
  const fragment = writeFragment(new Map([...others, ...written]));
  const ours = found !== null;
  if (fragment === location.hash || (!fragment && !ours)) return;
  history.replaceState(history.state, "", fragment || location.pathname + location.search);
}
