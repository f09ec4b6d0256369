/** Data and options for jobs that take hardly any time. */
import { RandomStream } from "../../../pipeline/contract/random.ts";

/** Writes a log in which each item is determined by the one two before it. */
export function writeLog(path: string, users = 60): void {
  const random = new RandomStream(1, "log"), lines = ["user,item,timestamp"];
  for (let user = 0; user < users; user++) {
    const sequence: number[] = [];
    for (let t = 0; t < 24; t++) {
      sequence.push(t < 2 || random.float() < 0.1 ? random.below(20) : (sequence[t - 2] + 1) % 20);
      lines.push(`u${user},i${sequence[t]},${t}`);
    }
  }
  Deno.writeTextFileSync(path, lines.join("\n") + "\n");
}

/** Options of a preparation. */
export const FEW = "--eval-negatives 5 --protocols recbole";

const SIZES = "--length 12 --dim 8 --layers 1 " +
  "--epochs 3 --batch-size 64 --rate 0.01";

/** Options of a job on a prepared dataset. */
export const NETWORK = `--lengths 1,3 --search-epochs 2 ${SIZES}`;

/** Options of a job whose length is given. */
export const UNSEARCHED = `${SIZES} ${FEW}`.split(" ");

/** Options of a job that takes a second or two. */
export const SMALL = ["--lengths", "1,3", "--search-epochs", "2", ...UNSEARCHED];
