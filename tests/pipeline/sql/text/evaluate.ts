/** Evaluates nested selects of whole-number expressions, as of Philox, on one row; refuses what a signed 64-bit number cannot hold. */
import assert from "node:assert/strict";

const LIMIT = 2n ** 63n;

/** The columns of the outermost select. */
export function evaluateRounds(sql: string, counter: Record<string, number>): Record<string, bigint> {
  const selects = sql.split(/ FROM \(?/).filter((part) => part.startsWith("SELECT")).reverse();
  let row: Record<string, bigint> = Object.fromEntries(
    Object.entries(counter).map(([name, value]) => [name, BigInt(value)]),
  );
  for (const select of selects) {
    const next: Record<string, bigint> = {};
    for (const [, expression, name] of select.slice("SELECT ".length).matchAll(/(.+?) AS (c\d)(?:, |$)/g)) {
      next[name] = new Parser(expression, row).all();
    }
    row = next;
  }
  return row;
}

/** Of `+`, `*`, `&`, `^`, parentheses, `shiftright`, and `cast … AS BIGINT`. */
class Parser {
  readonly #tokens: string[];
  #at = 0;

  constructor(text: string, readonly row: Record<string, bigint>) {
    const plain = text.replace(/cast\((\w+) AS BIGINT\)/g, "$1");
    this.#tokens = plain.match(/\w+|[()+*&^,]/g)!;
  }

  all(): bigint {
    const value = this.#bits();
    assert.equal(this.#at, this.#tokens.length, "all of the expression was understood");
    return value;
  }

  #next = () => this.#tokens[this.#at++];

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #bits(): bigint {
    let value = this.#sum();
    for (;;) {
      if (this.#take("&")) value &= this.#sum();
      else if (this.#take("^")) value ^= this.#sum();
      else return value;
    }
  }

  #sum(): bigint {
    let value = this.#product();
    while (this.#take("+")) value = held(value + this.#product());
    return value;
  }

  #product(): bigint {
    let value = this.#atom();
    while (this.#take("*")) value = held(value * this.#atom());
    return value;
  }

  #atom(): bigint {
    const token = this.#next();
    if (token === "shiftright") {
      assert(this.#take("("));
      const value = this.#bits();
      assert(this.#take(","));
      const shifted = value >> this.#bits();
      assert(this.#take(")"));
      return shifted;
    }
    if (token === "(") {
      const value = this.#bits();
      assert(this.#take(")"));
      return value;
    }
    return /^\d/.test(token) ? BigInt(token) : this.row[token];
  }
}

function held(value: bigint): bigint {
  assert(value >= 0n && value < LIMIT, `${value} is more than a signed 64-bit number holds`);
  return value;
}
