/**
 * The questions that a network is asked in training: which places of which histories, and what came next there.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { Sequences } from "../../pipeline/contract/dataset/users_part.ts";
import { RandomStream } from "../../pipeline/contract/random.ts";
import { damagedDataset } from "../../pipeline/contract/dataset/table_files.ts";
import { historiesBefore, timeMajor } from "./batch.ts";
import type { BatchPlace } from "./method.ts";
import { newest, type TensorBatch } from "./network.ts";
import { OpenPart, targetsOf, trainingLengths } from "./open_part.ts";
import type { Reader } from "./open_part.ts";
import type { ExamplePool } from "./order.ts";
import type { SeenRows } from "./seen_items.ts";
import { TargetGroups } from "./target_groups.ts";

/**
 * How sequences become examples. `last`: each training target once, with everything before it as history, as in
 * RecBole. `each`: windows of a user's sequence in which every place is asked for its next item, so that one pass
 * serves many targets (SASRec, Kang and McAuley 2018). `masked`: the same windows, in which some items are hidden and
 * asked for (the Cloze task of BERT4Rec, Sun et al. 2019).
 */
export type ExampleKind = "last" | "each" | "masked";

/** Questions of one batch, and their answers. `batch.rows` is not filled in yet. */
export interface Questions {
  batch: TensorBatch;
  /** Item ids of the targets, [n]. */
  targets: Uint32Array;
  /** Users of the targets, within `sequences`, [n]. */
  users: Uint32Array;
  /** What each of the users had seen: before the target, or, for hidden items, in the rest of the training part. */
  seen: SeenRows;
  /** The sequences of the part that the questions are from. */
  sequences: Sequences;
}

/** Examples of one kind. */
export interface Examples {
  /** The examples of an epoch. */
  readonly pool: ExamplePool;
  /** Maximum number of targets in an example, if the batch size counts targets. Default: 1. */
  readonly targetsPerExample?: number;
  /** Maximum number of questions in an example. Default: 1. */
  readonly targets?: number;
  /** Returns the questions of some examples. */
  questions(chosen: Uint32Array, place: BatchPlace): Questions;
}

/** Options of {@link makeExamples}. */
export interface ExampleOptions {
  /** Maximum length of a history, T. */
  length: number;
  seed: number;
  /** For `masked`: the share of a window's items that is hidden. */
  hidden?: number;
}

/** Returns the training examples of a dataset. */
export function makeExamples(kind: ExampleKind, dataset: SequenceDataset, options: ExampleOptions): Examples {
  switch (kind) {
    case "last":
      return new LastExamples(dataset, options);
    case "each":
      return eachExamples(dataset, options);
    case "masked":
      return maskedExamples(dataset, options);
  }
}

/** Targets that share the history before the first of them. */
export interface Sharing {
  /** Maximum number of targets that share a history. */
  targets: number;
  /** Number of newest items before each target that it has by itself. */
  recent: number;
}

/** Options of {@link LastExamples}. */
export interface LastOptions extends ExampleOptions {
  /** Default: each target has its own history. */
  sharing?: Sharing;
  /** Some training targets, as rows of each part. Default: all. */
  some?: ExamplePool;
}

/** Each training target once, with everything before it. */
export class LastExamples implements Examples {
  readonly pool: ExamplePool;
  readonly #open: OpenPart;
  readonly #groups?: TargetGroups;

  constructor(dataset: SequenceDataset, readonly options: LastOptions) {
    const { some, sharing, seed } = options, targets = some ?? targetsOf(dataset, "train");
    this.#open = new OpenPart(dataset);
    if (this.targetsPerExample > 1) {
      this.#groups = new TargetGroups(dataset, targets, sharing!.targets, seed, some ? "some" : "all");
    }
    this.pool = this.#groups?.pool ?? targets;
  }

  get targetsPerExample(): number {
    return this.options.sharing?.targets ?? 1;
  }

  questions(chosen: Uint32Array, { part, epoch }: BatchPlace): Questions {
    if (!this.#groups) return this.asked(chosen, part);
    const { rows, firsts, groupOf } = this.#groups.grouped(chosen, part, epoch), { length } = this.options;
    const own = this.asked(rows, part), { recent } = this.options.sharing!, none = new Int32Array(0);
    const before = (rows: Uint32Array, length: number) =>
      timeMajor(historiesBefore(own.sequences, rows), length);
    const ids = before(firsts, length);
    const newest = { length: recent, rows: before(rows, recent), historyOf: groupOf };
    return { ...own, batch: { length, ids, rows: ids, at: none, users: none, recent: newest } };
  }

  /** Returns the questions of targets by their rows, each with a history of its own. */
  asked(rows: Uint32Array, part: number, reader?: Reader): Questions {
    const sequences = this.#open.sequences(part, reader), { length } = this.options;
    const histories = historiesBefore(sequences, rows);
    const { items, starts, ends, users } = histories, ids = timeMajor(histories, length);
    const at = newest(rows.length, length);
    return {
      batch: { length, ids, rows: ids, at, users: Int32Array.from(this.#open.usersOf(part, users!)) },
      targets: Uint32Array.from(rows, (row) => items[row]),
      users: users!,
      seen: { from: starts, to: ends },
      sequences,
    };
  }
}

/** Pieces of the users' training parts with at most `most` items each; the newest pieces are filled first. */
interface Windows {
  /** [n] */
  users: Uint32Array;
  /** First row, and the row behind the last, [n]. */
  starts: Uint32Array;
  ends: Uint32Array;
  /** For each user, the row behind the last of the training part. */
  lasts: Uint32Array;
}

/** How sequences are cut into windows. */
interface WindowOptions {
  /** Maximum number of items in a window. */
  most: number;
  /** Number of rows that neighboring windows share. */
  overlap: number;
  /** Minimum number of items: shorter windows are left out. */
  least: number;
}

/** Where the windows of a training part with `length` items begin and end, the newest first. */
function* cut(
  length: number,
  { most, overlap, least }: WindowOptions,
): Generator<[start: number, end: number]> {
  for (let end = length; end >= least;) {
    const start = Math.max(0, end - most);
    yield [start, end];
    if (start === 0) return;
    end = start + overlap;
  }
}

function windowsOf({ offsets, splits }: Sequences, options: WindowOptions): Windows {
  const users: number[] = [], starts: number[] = [], ends: number[] = [];
  const lasts = new Uint32Array(offsets.length - 1);
  for (let user = 1; user < offsets.length - 1; user++) {
    const first = offsets[user];
    let last = first;
    while (last < offsets[user + 1] && splits[last] === 0) last++;
    lasts[user] = last;
    for (const [start, end] of cut(last - first, options)) {
      users.push(user);
      starts.push(first + start);
      ends.push(first + end);
    }
  }
  return {
    users: Uint32Array.from(users),
    starts: Uint32Array.from(starts),
    ends: Uint32Array.from(ends),
    lasts,
  };
}

const numbered = ({ users }: Windows) => Uint32Array.from(users, (_, i) => i);

/** The windows of the open part. */
class OpenWindows {
  readonly #open: OpenPart;
  #of?: { part: number; windows: Windows };
  readonly pool: ExamplePool;

  constructor(dataset: SequenceDataset, readonly options: WindowOptions) {
    this.#open = new OpenPart(dataset);
    const sizes = dataset.parts.length === 1
      ? [this.at(0).windows.users.length]
      : trainingLengths(dataset).map((lengths) =>
        Array.from(lengths, ([length, users]) => users * [...cut(length, options)].length).reduce(
          (a, b) => a + b,
          0,
        )
      );
    this.pool = { sizes, of: (part) => this.#numbered(part, sizes[part]) };
  }

  #numbered(part: number, size: number): Uint32Array {
    const windows = numbered(this.at(part).windows);
    if (windows.length === size) return windows;
    throw damagedDataset(
      this.#open.dataset.folder,
      "the training interactions of a user are not the first of them",
    );
  }

  at(part: number): { sequences: Sequences; windows: Windows } {
    const sequences = this.#open.sequences(part);
    if (this.#of?.part !== part) this.#of = { part, windows: windowsOf(sequences, this.options) };
    return { sequences, windows: this.#of.windows };
  }

  /** The questions of some windows of a part: these places of the batch, with these targets of these users. */
  questions(
    part: number,
    batch: Pick<TensorBatch, "ids" | "length">,
    asked: Asked,
  ): Questions {
    const { sequences } = this.at(part), users = Uint32Array.from(asked.users);
    return {
      batch: {
        ...batch,
        rows: batch.ids,
        users: Int32Array.from(this.#open.usersOf(part, users)),
        at: Int32Array.from(asked.at),
      },
      targets: Uint32Array.from(asked.targets),
      users,
      seen: {
        from: Uint32Array.from(asked.seenFrom),
        to: Uint32Array.from(asked.seenTo),
        ...(asked.seenBut && { but: Uint32Array.from(asked.seenBut) }),
      },
      sequences,
    };
  }
}

/** The questions of a batch. */
interface Asked {
  /** Places in the batch. */
  at: number[];
  targets: number[];
  /** Users within the part. */
  users: number[];
  /** Rows that count as seen. */
  seenFrom: number[];
  seenTo: number[];
  /** Rows of the targets themselves, if they are among those. */
  seenBut?: number[];
}

const nothingAsked = (): Asked => ({ at: [], targets: [], users: [], seenFrom: [], seenTo: [] });

function eachExamples(dataset: SequenceDataset, { length }: ExampleOptions): Examples {
  // T items as input and T items as targets: T + 1 rows, of which neighboring windows share one.
  const open = new OpenWindows(dataset, { most: length + 1, overlap: 1, least: 2 });
  return {
    pool: open.pool,
    targets: length,
    questions(chosen, { part }) {
      const { sequences, windows } = open.at(part);
      const size = chosen.length, ids = new Int32Array(length * size);
      const asked = nothingAsked();
      chosen.forEach((window, b) => {
        const start = windows.starts[window], end = windows.ends[window], user = windows.users[window];
        for (let row = start, t = length - (end - 1 - start); row < end - 1; row++, t++) {
          ids[t * size + b] = sequences.items[row];
          asked.at.push(t * size + b);
          asked.targets.push(sequences.items[row + 1]);
          asked.users.push(user);
          asked.seenFrom.push(sequences.offsets[user]);
          asked.seenTo.push(row + 1);
        }
      });
      return open.questions(part, { length, ids }, asked);
    },
  };
}

function maskedExamples(dataset: SequenceDataset, { length, seed, hidden = 0.2 }: ExampleOptions): Examples {
  const random = new RandomStream(seed, "hidden items"), mask = dataset.items + 1;
  const open = new OpenWindows(dataset, { most: length, overlap: 0, least: 2 });
  return {
    pool: open.pool,
    targets: length,
    questions(chosen, { number, part }) {
      const { sequences, windows } = open.at(part);
      const size = chosen.length, ids = new Int32Array(length * size);
      const seenBut: number[] = [], asked: Asked = { ...nothingAsked(), seenBut };
      chosen.forEach((window, b) => {
        const start = windows.starts[window], end = windows.ends[window], user = windows.users[window];
        random.seek(number, b);
        // One window in ten hides only its last item, as in scoring; each window hides at least one item.
        const lastOnly = random.float() < 0.1, sure = start + random.below(end - start);
        for (let row = start, t = length - (end - start); row < end; row++, t++) {
          const drawn = random.float() < hidden;
          const hide = lastOnly ? row === end - 1 : drawn || row === sure;
          ids[t * size + b] = hide ? mask : sequences.items[row];
          if (!hide) continue;
          asked.at.push(t * size + b);
          asked.targets.push(sequences.items[row]);
          asked.users.push(user);
          asked.seenFrom.push(sequences.offsets[user]);
          asked.seenTo.push(windows.lasts[user]);
          seenBut.push(row);
        }
      });
      return open.questions(part, { length, ids }, asked);
    },
  };
}
