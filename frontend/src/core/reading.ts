/** Numbers as people type them: 0.25, −3, 2.5e−1, 2/11, √2, 3π, 10⁶. Read by hand; nothing is ever evaluated. */

const CONSTANTS: Readonly<Record<string, number>> = {
  pi: Math.PI,
  π: Math.PI,
  e: Math.E,
  inf: Infinity,
  infinity: Infinity,
  "∞": Infinity,
  nan: NaN,
};
const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  sqrt: Math.sqrt,
  "√": Math.sqrt,
  exp: Math.exp,
  ln: Math.log,
  log: Math.log,
};
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const TOKEN = /(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?|[a-z]+|[π√∞]|\*\*|[-+*/^()]/giy;
const DEPTH = 50;

/** The value of an expression of numbers, or null for anything else. It may be infinite, or no number. */
export function readExpression(text: string): number | null {
  const tokens = split(text);
  if (!tokens?.length) return null;
  const reader = new Reader(tokens);
  const value = reader.sum();
  return reader.done ? value : null;
}

/** The same, where only a finite number will do. */
export function readNumber(text: string): number | null {
  const value = readExpression(text);
  return value !== null && Number.isFinite(value) ? value : null;
}

/** Write signs as a keyboard has them, and powers with a caret. */
function plain(text: string): string {
  const digits = (raised: string) => [...raised].map((c) => (c === "⁻" ? "-" : SUPERSCRIPTS.indexOf(c))).join("");
  return text
    .replace(/(\d)[\s_](?=\d{3}(?!\d))/g, "$1")
    .replace(/[−–]/g, "-")
    .replace(/[·×⋅]/g, "*")
    .replace(/[÷:]/g, "/")
    .replace(/\b(?:np|math|numpy)\./g, "")
    .replace(/⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (raised) => `^(${digits(raised)})`);
}

function split(text: string): string[] | null {
  const line = plain(text);
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < line.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at + (/^\s*/.exec(line.slice(at))?.[0].length ?? 0);
    if (TOKEN.lastIndex === line.length) break;
    const found = TOKEN.exec(line);
    if (!found) return null;
    tokens.push(found[0].toLowerCase());
  }
  return tokens;
}

/** Sums of products of powers; a factor may stand beside the next one without a sign, as in 2√3. */
class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly string[]) {}

  get done(): boolean {
    return this.at === this.tokens.length;
  }

  sum(): number | null {
    let total = this.product();
    while (total !== null && (this.next === "+" || this.next === "-")) {
      const sign = this.take() === "-" ? -1 : 1;
      const term = this.product();
      total = term === null ? null : total + sign * term;
    }
    return total;
  }

  private get next(): string | undefined {
    return this.tokens[this.at];
  }

  private take(): string | undefined {
    this.at += 1;
    return this.tokens[this.at - 1];
  }

  private product(): number | null {
    let value = this.signed();
    for (;;) {
      if (value === null) return null;
      const over = this.next === "/";
      if (over || this.next === "*") this.take();
      else if (!this.next || !/^[a-zπ√∞(]/.test(this.next)) return value;
      const factor = this.signed();
      value = factor === null ? null : over ? value / factor : value * factor;
    }
  }

  private signed(): number | null {
    if (this.next !== "-" && this.next !== "+") return this.power();
    const sign = this.take() === "-" ? -1 : 1;
    const value = this.nested(() => this.signed());
    return value === null ? null : sign * value;
  }

  private power(): number | null {
    const base = this.atom();
    if (base === null || (this.next !== "^" && this.next !== "**")) return base;
    this.take();
    const exponent = this.nested(() => this.signed());
    return exponent === null ? null : base ** exponent;
  }

  private atom(): number | null {
    const token = this.take() ?? "";
    if (/^[\d.]/.test(token)) return Number(token);
    if (Object.hasOwn(CONSTANTS, token)) return CONSTANTS[token] ?? null;
    if (Object.hasOwn(FUNCTIONS, token)) return this.applied(token);
    return token === "(" ? this.enclosed() : null;
  }

  private applied(name: string): number | null {
    const of = name === "√" ? this.nested(() => this.atom()) : this.take() === "(" ? this.enclosed() : null;
    return of === null ? null : (FUNCTIONS[name]?.(of) ?? null);
  }

  private enclosed(): number | null {
    const value = this.nested(() => this.sum());
    return this.take() === ")" ? value : null;
  }

  private nested(read: () => number | null): number | null {
    this.depth += 1;
    const value = this.depth > DEPTH ? null : read();
    this.depth -= 1;
    return value;
  }
}
