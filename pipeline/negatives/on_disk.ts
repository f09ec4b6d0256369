/**
 * Stage 6 for more negatives than should be held in memory: the same lists, drawn for some users at a time, into files.
 *
 * @module
 */
import { join } from "node:path";
import pl from "nodejs-polars";
import { checkInterrupt } from "../contract/errors.ts";
import type { DataFrame, Rows } from "../contract/frame.ts";
import { scanRows, writeRows } from "../contract/growing_rows.ts";
import { freeFrames } from "../contract/machine/free_frames.ts";
import type { Progress } from "../contract/progress.ts";
import type { StageReport } from "../contract/stage/report.ts";
import { DEFAULT_NEGATIVES, negativesEach } from "./default_number.ts";
import {
  negativesReport,
  type NegativesResult,
  negativesTable,
  noNegatives,
  positivesOf,
} from "../negatives.ts";
import { mostNegatives } from "./most.ts";
import { ListDrawer, sequencesOf } from "./lists.ts";
import type { PrepareConfig } from "../prepare_options.ts";
import type { Protocol } from "../contract/dataset/protocols.ts";

/** If there are more negatives than this, they are drawn to disk. For this many, a column of lists and its source data take 256 MiB. */
const NEGATIVES_IN_MEMORY = 2 ** 25;

/** Number of validation and test interactions, from the report of a split. */
export const evaluatedOf = ({ counts: { validation, test } }: StageReport): number => validation + test;

/**
 * Whether the requested negatives, even if their number is lowered later, are few enough to be held in memory.
 *
 * @param evaluated Number of validation and test interactions.
 */
export const fitInMemory = (
  evaluated: number,
  { evalNegatives = DEFAULT_NEGATIVES, protocols }: { evalNegatives?: number; protocols: readonly string[] },
  most = NEGATIVES_IN_MEMORY,
): boolean => evaluated * protocols.length * evalNegatives <= most;

/** Maximum number of interactions in memory at once, unless a single user has more. */
const ROWS = 500_000;
/** Number of negatives that are drawn before they are written. */
const DRAWS = 3_000_000;

/** The data and options of the draw. */
export interface DrawnToDisk {
  config: Pick<PrepareConfig, "evalNegatives" | "protocols" | "exponent" | "seed">;
  /** All interactions, ordered by user, then time: `user`, `item`, `split`. */
  frame: Rows;
  /** Table of users: `user`, `id`, `interactions`. */
  users: DataFrame;
  /** Number of times that each item is a target [items + 1]. */
  popularity: Uint32Array;
  /** Number of validation and test interactions; all except those without a history are positives. */
  evaluated: number;
  progress: Progress;
  signal?: AbortSignal;
}

/**
 * Draws negatives as `sampleNegatives` does, into files in `folder`.
 *
 * @throws {InputError} as `sampleNegatives` does, and if the files cannot be written.
 */
export async function drawToDisk(
  folder: string,
  { config, frame, users, popularity, evaluated, progress, signal }: DrawnToDisk,
): Promise<Omit<NegativesResult, "frame"> & { frame: Rows }> {
  const started = performance.now(), { evalNegatives, protocols, exponent, seed } = config;
  const counts = users.getColumn("interactions").toTypedArray() as Uint32Array;
  const each = negativesEach(evalNegatives, {
    frame,
    interactions: counts,
    protocols,
    popularity,
    exponent,
  });
  const { count, protocols: drawn } = each;
  const task = progress.start("drawing negatives", drawn.length * evaluated, "positives");
  const written = new Written(folder, drawn), batch = Math.max(1, Math.floor(DRAWS / Math.max(count, 1)));
  let positives = 0;
  try {
    const instead = () => mostNegatives(frame, { protocols: drawn, count, popularity, exponent });
    const facts = { count, popularity, exponent, seed, users, instead, task, signal };
    const lists = new ListDrawer(drawn, facts);
    for (const { firstUser, end, firstRow, rows } of userRanges(counts)) {
      checkInterrupt(signal, "drawing negatives");
      const part = await frame.lazy().slice(firstRow, rows).select("user", "item", "split").collect();
      freeFrames();
      const sequences = sequencesOf(part, firstUser, counts.subarray(firstUser - 1, end - 1));
      const wanted = positivesOf(part);
      positives += wanted.height;
      for (let start = 0; drawn.length > 0 && start < wanted.height; start += batch) {
        const some = wanted.slice(start, batch), negatives = await lists.draw(some, sequences);
        await written.add(some.withColumn(inAll(firstRow)), negatives, count);
        freeFrames();
      }
    }
  } finally {
    task.end();
  }
  return {
    frame: drawn.length === 0 ? noNegatives() : written.rows(),
    report: negativesReport(frame.height, positives, drawn.length, each, started),
    popularity,
    count,
    protocols: drawn,
    lowered: each.why !== undefined,
  };
}

/** Converts the column `row` of some rows to their places among all rows, of which there are at most {@link MOST_ROWS}. */
export const inAll = (firstRow: number): pl.Expr => pl.col("row").add(pl.lit(firstRow).cast(pl.UInt32));

/** Users `firstUser` … `end − 1`, and their rows. */
interface UserRange {
  firstUser: number;
  end: number;
  firstRow: number;
  rows: number;
}

/** @param counts Number of rows of each user [users]. */
function* userRanges(counts: Uint32Array): Generator<UserRange> {
  for (let user = 1, firstRow = 0; user <= counts.length;) {
    const firstUser = user;
    let rows = 0;
    do rows += counts[user++ - 1]; while (user <= counts.length && rows + counts[user - 1] <= ROWS);
    yield { firstUser, end: user, firstRow, rows };
    firstRow += rows;
  }
}

/** The files of written lists, by protocol. */
class Written {
  readonly #files: string[][];
  #height = 0;

  constructor(readonly folder: string, readonly protocols: readonly Protocol[]) {
    this.#files = protocols.map(() => []);
  }

  /** @param negatives Negatives [protocols × positives × count]. */
  async add(positives: DataFrame, negatives: Uint32Array, count: number): Promise<void> {
    const each = positives.height * count;
    for (const [p, protocol] of this.protocols.entries()) {
      const path = join(this.folder, `negatives-${p}-${this.#files[p].length}.parquet`);
      const table = negativesTable(
        positives,
        [protocol],
        negatives.subarray(p * each, (p + 1) * each),
        count,
      );
      await writeRows(path, table.lazy());
      this.#files[p].push(path);
      this.#height += table.height;
    }
  }

  /** Returns all lists, one protocol after another. */
  rows(): Rows {
    const files = this.#files.flat(), { columns } = scanRows(files[0]);
    return { height: this.#height, columns, lazy: () => pl.concat(files.map(scanRows)) };
  }
}
