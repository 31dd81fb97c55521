/** The page "Where you are": the book's list with the reader's levels in it, and that list as a file. */

import { LONGEST } from "../../gdlib/static/levels";
import { h, setText } from "./core/dom";
import type { Kind, Level, Progress } from "./core/progress";
import { canKeep, forgetProgress, keep, merged, readProgress, readText, textOf } from "./core/progress";
import { CHANGED, isDone } from "./core/standing";

const WORDS: Readonly<Record<Kind, Readonly<Partial<Record<Level, string>>>>> = {
  quizzes: { wrong: "not right: it comes back", mended: "right at a later try", right: "right" },
  exercises: { tried: "tried, not right yet", right: "right" },
};
const OPEN = "open";
const FILE = "gradient-descent-progress.json";
const CANNOT = "This browser keeps nothing for this page: its storage is forbidden or full. Everything else works.";
const NOTHING = "Nothing: no prediction has failed, and no exercise waits for another try.";

interface Item {
  readonly element: HTMLElement;
  readonly kind: Kind;
  readonly name: string;
}

function start(place: HTMLElement): void {
  const page = place.ownerDocument;
  const items = [...page.querySelectorAll<HTMLElement>("li[data-kind]")].map((element) => ({
    element,
    kind: element.dataset.kind as Kind,
    name: element.dataset.name ?? "",
  }));
  const sum = h("p", { class: "gd-sum" });
  const revisit = h("div", {});
  const said = h("p", { role: "status" });
  place.append(sum, h("h2", { id: "revisit" }, "What to revisit"), revisit, h("h2", {}, "Your list as a file"));
  place.append(...tools(said, items), said);

  const trouble = canKeep() ? "" : ` ${CANNOT}`;

  function draw(): void {
    const progress = readProgress();
    for (const item of items) label(item, progress);
    setText(sum, summary(items, progress) + trouble);
    const due = items.filter(({ kind, name }) => progress[kind].has(name) && !isDone(progress[kind].get(name)));
    revisit.replaceChildren(due.length ? h("ul", { class: "gd-items" }, ...due.map(repeated)) : h("p", {}, NOTHING));
  }

  draw();
  page.addEventListener(CHANGED, draw);
  window.addEventListener("storage", draw);
  window.addEventListener("pageshow", draw);
}

function label({ element, kind, name }: Item, progress: Progress): void {
  const level = progress[kind].get(name);
  const state = element.querySelector<HTMLElement>(".gd-level");
  if (state) setText(state, (level && WORDS[kind][level]) ?? OPEN);
  element.dataset.state = level === undefined ? "open" : isDone(level) ? "done" : "begun";
}

/** An item of the list once more; a failed prediction is asked afresh. */
function repeated({ element, kind }: Item): HTMLElement {
  const copy = element.cloneNode(true) as HTMLElement;
  delete copy.dataset.kind;
  const link = copy.querySelector("a");
  if (link && kind === "quizzes") link.hash = `#gd/${link.hash.slice(1)}?again=1`;
  return copy;
}

function summary(items: readonly Item[], progress: Progress): string {
  const of = (kind: Kind) => items.filter((item) => item.kind === kind);
  const done = (kind: Kind) => of(kind).filter(({ name }) => isDone(progress[kind].get(name))).length;
  const made = of("quizzes").filter(({ name }) => progress.quizzes.has(name)).length;
  const exercises = `${done("exercises")} of ${of("exercises").length} exercises are right`;
  return `${exercises}; ${made} of ${of("quizzes").length} predictions are made, ${done("quizzes")} of them right.`;
}

function tools(said: HTMLElement, items: readonly Item[]): HTMLElement[] {
  const file = h("input", { type: "file", accept: ".json,application/json", hidden: true });
  const dialog = confirmation(() => {
    forgetProgress();
    setText(said, "Forgotten: the list is empty.");
  });
  const button = (label: string, press: () => void) => {
    const one = h("button", { type: "button" }, label);
    one.addEventListener("click", press);
    return one;
  };
  file.addEventListener("change", async () => {
    const [chosen] = file.files ?? [];
    if (chosen) setText(said, take(await chosen.slice(0, LONGEST + 1).text(), chosen.name, items));
    file.value = "";
  });
  const buttons = [
    button("Export", () => {
      offer(textOf(readProgress()));
      setText(said, `Your list is in ${FILE}, among your downloads.`);
    }),
    button("Import…", () => file.click()),
    button("Forget everything…", () => dialog.showModal()),
  ];
  return [h("div", { class: "gd-tools" }, ...buttons, file), dialog];
}

/** Let the reader save a text. */
function offer(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = h("a", { href: address, download: FILE });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Take what a file has; say what became of it. */
function take(text: string, name: string, items: readonly Item[]): string {
  const found = readText(text);
  if (typeof found === "string") return `${name} was not read: ${found}.`;
  const known = ofThisBook(found, items);
  const size = ({ quizzes, exercises }: Progress) => quizzes.size + exercises.size;
  const left = size(found) - size(known);
  const before = readProgress();
  const risen = (kind: Kind) => [...after[kind]].filter(([one, level]) => before[kind].get(one) !== level);
  const after = merged(before, known);
  if (!keep(after)) return `${name} was read, but not kept. ${CANNOT}`;
  const better = risen("quizzes").length + risen("exercises").length;
  const entries = (n: number) => (n === 1 ? "1 entry" : `${n} entries`);
  const added = `${name} was read: ${entries(size(known))}, ${better} of them new or better.`;
  return left ? `${added} ${entries(left)} of another edition left out.` : added;
}

function ofThisBook(progress: Progress, items: readonly Item[]): Progress {
  const known = new Set(items.map(({ kind, name }) => `${kind} ${name}`));
  const ours = (kind: Kind) => new Map([...progress[kind]].filter(([name]) => known.has(`${kind} ${name}`)));
  return { quizzes: ours("quizzes"), exercises: ours("exercises") };
}

function confirmation(agreed: () => void): HTMLDialogElement {
  const [keepIt, forget] = [
    h("button", { type: "button" }, "Keep it"),
    h("button", { type: "button" }, "Forget everything"),
  ];
  const dialog = h(
    "dialog",
    { "aria-labelledby": "gd-forget" },
    h("p", { id: "gd-forget" }, "Forget what you have answered, in every chapter? This cannot be undone."),
    h("div", { class: "gd-tools" }, keepIt, forget),
  );
  keepIt.addEventListener("click", () => dialog.close());
  forget.addEventListener("click", () => {
    dialog.close();
    agreed();
  });
  return dialog;
}

const place = document.querySelector<HTMLElement>(".gd-progress");
if (place) start(place);
