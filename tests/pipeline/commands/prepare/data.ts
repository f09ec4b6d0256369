/** Data to be prepared by the command. */
import { root } from "../../../paths.ts";

export const HAND = `${root}fixtures/hand/interactions.csv`;

/** Two users of twelve interactions each with 24 items, as CSV. */
export const GOOD = "user,item,timestamp\n" +
  Array.from({ length: 24 }, (_, i) => `u${i % 2},i${i},${1_300_000_000 + i}\n`).join("");
export const withLine = (line: string) => GOOD + line + "\n";

/** A log of many rows, so that the work takes a while. */
export function bigLog(path: string): void {
  const lines = ["user,item,timestamp"];
  for (let i = 0; i < 300_000; i++) lines.push(`${i % 20_000},${(i * 7919) % 4_001},${i}`);
  Deno.writeTextFileSync(path, lines.join("\n") + "\n");
}
