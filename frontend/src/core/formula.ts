/**
 * Formulas as Python printed them, made into functions without compiling: each operation becomes a closure.
 *
 * What is read is the part of JavaScript that `gdlib` prints: names, numbers, arithmetic, comparisons, choices,
 * functions of `Math`. It is read as JavaScript reads it, so the closures do the same operations in the same order.
 */

export type Line = readonly [name: string, expression: string];

/** The numbers that a formula's names stand for, each in its slot. */
export type Registers = Float64Array;
type Closure = (v: Registers) => number;
type Binary = (a: Closure, b: Closure) => Closure;

// Comparisons answer as 0 or 1, which a choice takes as JavaScript takes false and true.
const OPERATIONS: ReadonlyMap<string, readonly [rank: number, make: Binary]> = new Map<
  string,
  readonly [number, Binary]
>([
  ["||", [1, (a, b) => (v) => a(v) || b(v)]],
  ["&&", [2, (a, b) => (v) => a(v) && b(v)]],
  ["===", [3, (a, b) => (v) => Number(a(v) === b(v))]],
  ["!==", [3, (a, b) => (v) => Number(a(v) !== b(v))]],
  ["<", [4, (a, b) => (v) => Number(a(v) < b(v))]],
  ["<=", [4, (a, b) => (v) => Number(a(v) <= b(v))]],
  [">", [4, (a, b) => (v) => Number(a(v) > b(v))]],
  [">=", [4, (a, b) => (v) => Number(a(v) >= b(v))]],
  ["+", [5, (a, b) => (v) => a(v) + b(v)]],
  ["-", [5, (a, b) => (v) => a(v) - b(v)]],
  ["*", [6, (a, b) => (v) => a(v) * b(v)]],
  ["/", [6, (a, b) => (v) => a(v) / b(v)]],
  ["%", [6, (a, b) => (v) => a(v) % b(v)]],
]);
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/;
const NAME = /[\p{ID_Start}_$][\p{ID_Continue}$.]*/u;
const SIGN = /\|\||&&|[=!]==|[<>]=?|[-+*/%!?:(),]/;
const TOKEN = new RegExp(`\\s*(?:(${NUMBER.source})|(${NAME.source})|(${SIGN.source}))`, "iuy");
const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
]);

/** Names with their slots, and the formulas over them. */
export class Formulas {
  private readonly slots = new Map<string, number>();

  /** Registers for one evaluation. */
  registers(): Registers {
    return new Float64Array(this.slots.size);
  }

  /** The slot of a name, which is new or known. */
  slot(name: string): number {
    const known = this.slots.get(name) ?? this.slots.size;
    this.slots.set(name, known);
    return known;
  }

  /** Evaluate lines in order, each into its name's slot. */
  lines(lines: readonly Line[]): (v: Registers) => void {
    const made = lines.map(([name, text]) => {
      const value = this.value(text); // before its name is known: a line that reads itself reads nothing
      return [this.slot(name), value] as const;
    });
    return (v) => {
      for (const [slot, value] of made) v[slot] = value(v);
    };
  }

  value(text: string): Closure {
    return new Reader(text, (name) => this.slots.get(name)).whole();
  }
}

class Reader {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly slotOf: (name: string) => number | undefined,
  ) {
    this.tokens = tokensOf(text);
  }

  whole(): Closure {
    const found = this.choice();
    if (this.at < this.tokens.length) this.refuse();
    return found;
  }

  private choice(): Closure {
    const test = this.operation(1);
    if (!this.takes("?")) return test;
    const yes = this.choice();
    this.expect(":");
    const no = this.choice();
    return (v) => (test(v) ? yes(v) : no(v));
  }

  /**
   * Operations that bind at least so tightly, from the left. What follows an operator must bind more tightly than it:
   * so `a - b - c` is `(a - b) - c`, as JavaScript has it, and not a bit is rounded otherwise.
   */
  private operation(least: number): Closure {
    let left = this.sign();
    for (;;) {
      const [rank, make] = OPERATIONS.get(this.tokens[this.at] ?? "") ?? [0, null];
      if (!make || rank < least) return left;
      this.at++;
      left = make(left, this.operation(rank + 1));
    }
  }

  private sign(): Closure {
    if (this.takes("-")) {
      const operand = this.sign();
      return (v) => -operand(v);
    }
    if (this.takes("!")) {
      const operand = this.sign();
      return (v) => Number(!operand(v));
    }
    return this.atom();
  }

  private atom(): Closure {
    const token = this.tokens[this.at++] ?? "";
    if (token === "(") {
      const inside = this.choice();
      this.expect(")");
      return inside;
    }
    if (/^[.\d]/.test(token)) return constant(Number(token));
    const slot = this.slotOf(token);
    if (slot !== undefined) return (v) => v[slot] as number;
    const known = CONSTANTS.get(token);
    if (known !== undefined) return constant(known);
    return this.call(token);
  }

  private call(token: string): Closure {
    const name = token.replace(/^Math\./, "");
    const made = name !== token && Object.hasOwn(Math, name) ? Math[name as keyof Math] : null;
    if (typeof made !== "function" || !this.takes("(")) return this.refuse(token);
    const operands = [this.choice()];
    while (this.takes(",")) operands.push(this.choice());
    this.expect(")");
    const [a, b] = operands;
    const one = made as (x: number) => number;
    const two = made as (x: number, y: number) => number;
    if (a && operands.length === 1) return (v) => one(a(v));
    if (a && b && operands.length === 2) return (v) => two(a(v), b(v));
    return (v) => (made as (...x: number[]) => number)(...operands.map((operand) => operand(v)));
  }

  private takes(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private expect(token: string): void {
    if (!this.takes(token)) this.refuse();
  }

  private refuse(token = this.tokens[this.at] ?? "its end"): never {
    throw new Error(`the formula ${this.text} cannot be read at ${token}`);
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) throw new Error(`the formula ${text} cannot be read at ${text.slice(at, at + 10)}`);
    tokens.push(found[1] ?? found[2] ?? found[3] ?? "");
  }
  return tokens;
}

function constant(value: number): Closure {
  return () => value;
}
