/** Small things kept on the reader's own machine. A browser that refuses, or a page from a folder, keeps nothing. */

const PREFIX = "gdlib/";

/** Keep a value, and tell whether it is kept. */
export function remember(name: string, value: unknown): boolean {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false; // Blocked or full: the page works without a memory.
  }
}

/** What was kept under a name, or null; it may be anything, so look before use. */
export function recall(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
  } catch {
    return null;
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // Nothing was kept.
  }
}

/** Forget everything below a name, as `quiz/`. */
export function forgetBelow(start: string): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX + start)) localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}
