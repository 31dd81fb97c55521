/** What a network answers to a drawing. */

/** The answers by how probable they are: digit and probability. */
export function ranked(answer: readonly number[]): (readonly [digit: number, probability: number])[] {
  return answer.map((share, digit) => [digit, share] as const).sort((a, b) => b[1] - a[1]);
}

export function share(probability: number): string {
  return probability.toFixed(3);
}

/** A share below which an answer is not worth a word. */
const SLIGHT = 0.005;

export function answerWords(answer: readonly number[] | null): string {
  if (!answer) return "Nothing is drawn yet.";
  const [[first, sure] = [0, NaN], [second, next] = [0, 0]] = ranked(answer);
  if (!Number.isFinite(sure)) return "The network's answer is no finite number.";
  const also = next < SLIGHT ? "" : `; next comes ${second}, with ${share(next)}`;
  return `It reads ${first === 8 ? "an" : "a"} ${first}, with probability ${share(sure)}${also}.`;
}
