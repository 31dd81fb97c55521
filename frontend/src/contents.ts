/** On every page: how far each chapter of the contents is, and which predictions of the chapter before failed. */

import { CHANGED, isDone, kept } from "./core/standing";

const CHAPTER = /\d\d-([\w-]+)\.html$/;

function draw(): void {
  const quizzes = kept("quizzes");
  const levels = [kept("exercises"), quizzes].flatMap(Object.entries);
  for (const contents of document.querySelectorAll<HTMLElement>("[data-items]")) {
    // how many quizzes and exercises each chapter has, in order
    const totals = contents.dataset.items?.split(" ") ?? [];
    for (const link of contents.querySelectorAll("a")) {
      const chapter = CHAPTER.exec(link.pathname)?.[1];
      if (!chapter) continue;
      const here = levels.filter(([name]) => name.startsWith(`${chapter}/`));
      const done = here.filter(([, level]) => isDone(level)).length;
      mark(link, done >= Number(totals.shift()) ? "done" : here.length ? "begun" : "");
    }
  }
  for (const again of document.querySelectorAll<HTMLElement>("[data-quiz]"))
    again.hidden = quizzes[again.dataset.quiz ?? ""] !== "wrong";
}

function mark(link: HTMLElement, state: string): void {
  link.dataset.state = state;
  const said = link.querySelector(".gdw-hidden") ?? link.appendChild(document.createElement("span"));
  said.className = "gdw-hidden";
  said.textContent = state && ` (${state})`;
}

draw();
document.addEventListener(CHANGED, draw);
addEventListener("storage", draw);
addEventListener("pageshow", draw);
