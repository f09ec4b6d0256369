/**
 * Generated interaction logs of any size for measurements, with popularity and activity as skewed as in real ones.
 *
 * @module
 */
import { AliasTable } from "../pipeline/contract/alias.ts";
import { RandomStream } from "../pipeline/contract/random.ts";

/** Figures of a generated log. */
export interface LogFacts {
  rows: number;
  /** Users drawn from; with a mean of 100 interactions each, nearly all occur. */
  users: number;
  /** Items drawn from; the rarest may not occur. */
  items: number;
  bytes: number;
}

const MEAN_LENGTH = 100;
const START = Date.UTC(2020, 0, 1) / 1000;
const YEAR = 365 * 86_400;

/** Items grow slower than rows: 3,700 at 1 M rows and 27,000 at 20 M, as in MovieLens. */
const itemsFor = (rows: number) => Math.max(10, Math.round(3700 * (rows / 1e6) ** (2 / 3)));

/**
 * Writes a CSV of `user,item,timestamp` with a header. Rows are in the order of time, all users mixed; users' lengths are
 * log-normal with a mean of 100 (σ = 1), item popularity falls as rank^-1 (Zipf's law). Memory does not grow with `rows`
 * beyond the tables of users and items.
 *
 * @param note Called for each million rows written.
 */
export function writeLog(path: string, rows: number, seed: number, note?: (rows: number) => void): LogFacts {
  const users = Math.max(1, Math.round(rows / MEAN_LENGTH)), items = itemsFor(rows);
  const activity = new RandomStream(seed, "bench/activity");
  const byUser = new AliasTable(Float64Array.from({ length: users }, () => Math.exp(activity.normal())));
  const byItem = new AliasTable(Float64Array.from({ length: items }, (_, rank) => 1 / (rank + 1)));
  const random = new RandomStream(seed, "bench/log");
  const file = Deno.openSync(path, { write: true, create: true, truncate: true });
  // One buffer for all rows: frames would pile up, for the engine does not see their memory and so does not collect it.
  const line = new Lines(file);
  try {
    line.text("user,item,timestamp\n");
    for (let row = 0; row < rows; row++) {
      line.number(byUser.draw(random) + 1, COMMA);
      line.number(byItem.draw(random) + 1, COMMA);
      line.number(START + Math.floor(row / rows * YEAR), NEWLINE);
      if ((row + 1) % 1_000_000 === 0) note?.(1_000_000);
    }
    line.flush();
  } finally {
    file.close();
  }
  return { rows, users, items, bytes: line.bytes };
}

const COMMA = 44, NEWLINE = 10, ZERO = 48;

/** Buffered text of whole numbers. */
class Lines {
  /** Bytes handed over so far, those in the buffer included. */
  bytes = 0;
  readonly #buffer = new Uint8Array(1 << 20);
  #used = 0;

  constructor(readonly file: { writeSync(bytes: Uint8Array): number }) {}

  text(text: string): void {
    for (const byte of new TextEncoder().encode(text)) this.#put(byte);
  }

  /** A number from 0 to 2³² − 1 and the character after it. */
  number(value: number, after: number): void {
    let digits = 1;
    for (let limit = 10; value >= limit && digits < 10; limit *= 10) digits++;
    if (this.#used + digits >= this.#buffer.length) this.flush();
    for (let at = this.#used + digits - 1; at >= this.#used; at--) {
      const rest = Math.floor(value / 10);
      this.#buffer[at] = ZERO + value - 10 * rest;
      value = rest;
    }
    this.#used += digits;
    this.bytes += digits;
    this.#put(after);
  }

  #put(byte: number): void {
    if (this.#used === this.#buffer.length) this.flush();
    this.#buffer[this.#used++] = byte;
    this.bytes++;
  }

  flush(): void {
    for (let done = 0; done < this.#used;) {
      done += this.file.writeSync(this.#buffer.subarray(done, this.#used));
    }
    this.#used = 0;
  }
}

/** Counts the lines of a file that has a header: its rows. */
export async function countRows(path: string): Promise<number> {
  let lines = 0, last = 10;
  for await (const chunk of (await Deno.open(path)).readable) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
    last = chunk[chunk.length - 1];
  }
  return Math.max(0, lines + (last === 10 ? 0 : 1) - 1);
}
