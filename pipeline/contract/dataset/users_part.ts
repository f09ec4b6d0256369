/**
 * The users of a dataset in parts, one range at a time, so that memory does not grow with the dataset.
 *
 * @module
 */
import type { Protocol } from "./protocols.ts";
import pl from "nodejs-polars";
import { formatCell } from "../../display/table.ts";
import { didYouMean, InputError } from "../errors.ts";
import type { LazyDataFrame } from "../frame.ts";
import { freeFrames } from "../machine/free_frames.ts";
import type { Manifest, TableFile } from "./manifest.ts";
import type { HeldOut, Split } from "../stage.ts";
import { checkRange, damagedDataset, type TableFiles } from "./table_files.ts";

/**
 * All sequences one after another, as typed arrays. User u (from 1) has the rows `offsets[u]` … `offsets[u + 1] − 1`,
 * oldest first. Ids start at 1; 0 is padding and never occurs here. `sequences()` of a {@link SequenceDataset} returns them.
 */
export interface Sequences {
  /** Start of each user's rows [users + 2]; `offsets[0] = offsets[1] = 0`, and the last is the number of interactions. */
  offsets: Uint32Array;
  /** Item ids [interactions]. */
  items: Uint32Array;
  /** Times [interactions], in Unix seconds or the unit of the source. */
  timestamps: Float64Array;
  /** Parts of the split [interactions], as an index into `SPLITS`: 0 train, 1 validation, 2 test. */
  splits: Uint8Array;
  /** Ratings [interactions], if the source had them. */
  ratings?: Float32Array;
}

/**
 * The frozen negatives of one protocol and one part of the split: the i-th list belongs to the positive `rows[i]`. `negatives()` of a
 * {@link SequenceDataset} returns them.
 */
export interface Negatives {
  /** Number of negatives for each positive. */
  count: number;
  /** Rows of the positives in `interactions` [positives], ascending. */
  rows: Uint32Array;
  /** Item ids as drawn [positives × count]. Protocol `recbole` draws with replacement; the evaluation collapses duplicates. */
  items: Uint32Array;
}

/**
 * A range of consecutive users with all of their interactions. Within a part, users count from 1 and rows from 0: its user u is the
 * dataset's user `firstUser + u − 1`, its row r the dataset's row `firstRow + r`. `parts` of a {@link SequenceDataset}.
 */
export interface DatasetPart {
  /** Number of the part's first user in the dataset. */
  readonly firstUser: number;
  /** Number of users in the part. */
  readonly users: number;
  /** Number of the part's first row in the dataset; it may be larger than 2³². */
  readonly firstRow: number;
  /** Number of interactions in the part. */
  readonly rows: number;
  /** Returns the sequences of its users; read from disk at each call, unless the dataset has only one part. */
  sequences(): Sequences;
  /** Returns its rows that are targets in a part of the split; see {@link SequenceDataset.targets}. */
  targets(split: Split): Uint32Array;
  /**
   * Returns the frozen negatives for its positives in a part of the split; see {@link SequenceDataset.negatives}.
   *
   * @throws {InputError} if the dataset was prepared without this protocol.
   */
  negatives(protocol: Protocol, split: HeldOut): Negatives;
}

/** A range of users and their rows. */
export type Range = Pick<DatasetPart, "firstUser" | "users" | "firstRow" | "rows">;

/** Returns where the parts of a dataset begin and end; a dataset in one file has one part. */
export function rangesOf({ tables, counts }: Manifest): Range[] {
  let firstRow = 0;
  return tables.interactions.files.map(({ rows, users: [first, last] = [1, counts.users] }) => {
    const range = { firstUser: first, users: last - first + 1, firstRow, rows };
    firstRow += rows;
    return range;
  });
}

/** All users, and their rows. */
export const wholeRange = ({ counts }: Manifest): Range => ({
  firstUser: 1,
  users: counts.users,
  firstRow: 0,
  rows: counts.interactions,
});

/** Maximum number of rows that 32-bit typed arrays can index; Polars reads no file with more. */
export const MOST_ROWS = 2 ** 32 - 1;

/** Count of numbers read since memory was last freed, and the count that is worth a pause of JavaScript: about 32 MB. */
let unfreed = 0;
const LARGE = 8_000_000;

/** Must be called after frames with this many numbers have been read and converted to arrays. */
function haveRead(numbers: number): void {
  unfreed += numbers;
  if (unfreed < LARGE) return;
  unfreed = 0;
  freeFrames();
}

/** A range of users that begins and ends at the boundaries of files of interactions. Nothing that was read is kept. */
export class UserRange implements DatasetPart {
  readonly firstUser: number;
  readonly users: number;
  readonly firstRow: number;
  readonly rows: number;
  readonly #files: TableFiles;

  constructor(files: TableFiles, { firstUser, users, firstRow, rows }: Range) {
    this.#files = files;
    this.firstUser = firstUser;
    this.users = users;
    this.firstRow = firstRow;
    this.rows = rows;
  }

  sequences(): Sequences {
    const files = this.#files, { hasRating, counts } = files.manifest;
    const columns = files.collect(
      this.#interactions().select(
        pl.col("item"),
        pl.col("timestamp").cast(pl.Float64),
        pl.col("split").eq(pl.lit("validation")).cast(pl.UInt8)
          .add(pl.col("split").eq(pl.lit("test")).cast(pl.UInt8).mul(pl.lit(2).cast(pl.UInt8))).cast(pl.UInt8)
          .alias("split"),
        ...(hasRating ? [pl.col("rating")] : []),
      ),
    );
    const { firstUser, users } = this;
    const lengths = files.collect(files.slice("users", firstUser - 1, users).select("interactions"));
    const offsets = offsetsOf(files.typed<Uint32Array>(lengths.getColumn("interactions")));
    if (offsets.length !== users + 2 || offsets.at(-1) !== columns.height) {
      throw damagedDataset(files.folder, "its users' interactions do not add up");
    }
    const items = files.typed<Uint32Array>(columns.getColumn("item"));
    const read = {
      offsets,
      items: checkRange(items, 1, counts.items, files.wrong("the item")),
      timestamps: files.typed<Float64Array>(columns.getColumn("timestamp")),
      splits: files.typed<Uint8Array>(columns.getColumn("split")),
      ...(hasRating && { ratings: files.typed<Float32Array>(columns.getColumn("rating")) }),
    };
    haveRead(4 * this.rows);
    return read;
  }

  targets(split: Split): Uint32Array {
    const files = this.#files;
    const targets = this.#interactions().select(
      pl.col("split").eq(pl.lit(split)).and(pl.col("user").eq(pl.col("user").shift(1))).alias("target"),
    ).withRowIndex("row").filter(pl.col("target")).select("row");
    const rows = files.typed<Uint32Array>(files.collect(targets).getColumn("row"));
    haveRead(rows.length);
    return rows;
  }

  negatives(protocol: Protocol, split: HeldOut): Negatives {
    const files = this.#files, { protocols, count } = files.manifest.negatives;
    if (!protocols.includes(protocol)) {
      throw new InputError(
        `Cannot evaluate by protocol "${protocol}": the dataset ${files.folder} has negatives for ${
          protocols.join(", ") || "none"
        }${didYouMean(protocol, protocols)}; prepare it with --protocols`,
      );
    }
    this.#refuseTooMany();
    const wanted = files.scan(
      "negatives",
      (file) => this.#has(file) && (file.protocol ?? protocol) === protocol,
    );
    const frame = files.collect(
      wanted.filter(pl.col("protocol").eq(pl.lit(protocol)).and(pl.col("split").eq(pl.lit(split))))
        .select(pl.col("row").cast(pl.Float64), pl.col("negatives")),
    );
    if (frame.height === 0) return { count, rows: new Uint32Array(0), items: new Uint32Array(0) };
    const rows = files.typed<Float64Array>(frame.getColumn("row")), wrong = files.wrong("the row");
    const lengths = frame.select(pl.col("negatives").lst.lengths().cast(pl.UInt32)).getColumn("negatives");
    const items = frame.select("negatives").explode("negatives").getColumn("negatives");
    checkRange(files.typed<Uint32Array>(lengths), count, count, files.wrong("a number of negatives,"));
    const read = {
      count,
      rows: Uint32Array.from(rows, (row) => {
        const own = row - this.firstRow;
        if (own < 0 || own >= this.rows) throw wrong(row);
        return own;
      }),
      items: checkRange(
        files.typed<Uint32Array>(items),
        1,
        files.manifest.counts.items,
        files.wrong("the item"),
      ),
    };
    haveRead(rows.length * count);
    return read;
  }

  #interactions(): LazyDataFrame {
    this.#refuseTooMany();
    return this.#files.scan("interactions", (file) => this.#has(file));
  }

  /** Whether a file has rows of these users. */
  #has({ users = [this.firstUser, this.firstUser] }: TableFile): boolean {
    return users[0] < this.firstUser + this.users && users[1] >= this.firstUser;
  }

  #refuseTooMany(): void {
    if (this.rows <= MOST_ROWS) return;
    throw new InputError(
      `Cannot hold the ${
        formatCell(this.rows)
      } interactions of ${this.#files.folder} at once: go through its parts, ` +
        "one after the other (dataset.parts)",
    );
  }
}

/** Computes offsets for ids from 1 [n + 2] from the length of each [n]. */
export function offsetsOf(lengths: Uint32Array): Uint32Array {
  const offsets = new Uint32Array(lengths.length + 2);
  for (let i = 0; i < lengths.length; i++) offsets[i + 2] = offsets[i + 1] + lengths[i];
  return offsets;
}
