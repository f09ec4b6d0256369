/**
 * What a network is asked in training: which places of which histories, and what came next there.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { Sequences } from "../../pipeline/contract/dataset_part.ts";
import { RandomStream } from "../../pipeline/contract/random.ts";
import { historiesBefore } from "./batch.ts";
import type { Batch } from "./network.ts";
import { OpenPart, trainingTargets } from "./open_part.ts";
import type { ExamplePool } from "./order.ts";

/**
 * How sequences become examples. `last`: each training target once, with all that came before it as history, as RecBole does.
 * `each`: windows of a user's sequence, in which every place is asked for its next item, so that one pass serves many targets
 * (SASRec, Kang and McAuley 2018). `masked`: the same windows, in which some items are hidden and asked for (the Cloze task of
 * BERT4Rec, Sun et al. 2019).
 */
export const EXAMPLES = ["last", "each", "masked"] as const;
export type ExampleKind = (typeof EXAMPLES)[number];

/** Questions of one batch, and their answers. `batch.rows` is not filled in yet. */
export interface Questions {
  batch: Batch;
  /** [n] item ids. */
  targets: Uint32Array;
  /** [n] users of the targets, within `sequences`. */
  users: Uint32Array;
  /** Those of the part that is asked. */
  sequences: Sequences;
}

/** Examples of one kind. */
export interface Examples {
  /** What an epoch goes through. */
  readonly pool: ExamplePool;
  /** The questions of some examples of a part; `number` counts the batches. */
  questions(chosen: Uint32Array, number: number, part: number): Questions;
}

/** Options of {@link makeExamples}. */
export interface ExampleOptions {
  /** Longest history, T. */
  length: number;
  seed: number;
  /** For `masked`: the share of a window's items that are hidden. */
  hidden?: number;
}

/** The training examples of a dataset. */
export function makeExamples(kind: ExampleKind, dataset: SequenceDataset, options: ExampleOptions): Examples {
  switch (kind) {
    case "last":
      return lastExamples(dataset, options);
    case "each":
      return eachExamples(dataset, options);
    case "masked":
      return maskedExamples(dataset, options);
  }
}

function lastExamples(dataset: SequenceDataset, { length }: ExampleOptions): Examples {
  const open = new OpenPart(dataset);
  return {
    pool: trainingTargets(dataset),
    questions(chosen, _number, part) {
      const sequences = open.sequences(part);
      const { items, starts, ends, users } = historiesBefore(sequences, chosen);
      const size = chosen.length, ids = new Int32Array(length * size);
      for (let b = 0; b < size; b++) {
        const start = Math.max(starts[b], ends[b] - length);
        for (let i = start, t = length - (ends[b] - start); i < ends[b]; i++, t++) {
          ids[t * size + b] = items[i];
        }
      }
      return {
        batch: { size, length, ids, rows: ids, users: open.usersOf(part, users!) },
        targets: Uint32Array.from(chosen, (row) => items[row]),
        users: users!,
        sequences,
      };
    },
  };
}

/** Pieces of the users' training parts: at most `most` items each, the newest piece first full. */
interface Windows {
  /** [n] */
  users: Uint32Array;
  /** [n] first row, and the row behind the last. */
  starts: Uint32Array;
  ends: Uint32Array;
}

/**
 * @param overlap Rows that a piece shares with the one before it.
 * @param least Pieces of fewer items are left out.
 */
function windowsOf({ offsets, splits }: Sequences, most: number, overlap: number, least: number): Windows {
  const users: number[] = [], starts: number[] = [], ends: number[] = [];
  for (let user = 1; user < offsets.length - 1; user++) {
    let end = offsets[user];
    while (end < offsets[user + 1] && splits[end] === 0) end++;
    while (end - offsets[user] >= least) {
      const start = Math.max(offsets[user], end - most);
      users.push(user);
      starts.push(start);
      ends.push(end);
      if (start === offsets[user]) break;
      end = start + overlap;
    }
  }
  return { users: Uint32Array.from(users), starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) };
}

const numbered = ({ users }: Windows) => Uint32Array.from(users, (_, i) => i);

/** Windows of the part that is open. */
class OpenWindows {
  readonly #open: OpenPart;
  #of?: { part: number; windows: Windows };
  readonly pool: ExamplePool;

  /** @param cut Into windows. */
  constructor(dataset: SequenceDataset, readonly cut: (sequences: Sequences) => Windows) {
    this.#open = new OpenPart(dataset);
    this.pool = {
      sizes: dataset.parts.map((_, part) => this.at(part).windows.users.length),
      of: (part) => numbered(this.at(part).windows),
    };
  }

  at(part: number): { sequences: Sequences; windows: Windows } {
    const sequences = this.#open.sequences(part);
    if (this.#of?.part !== part) this.#of = { part, windows: this.cut(sequences) };
    return { sequences, windows: this.#of.windows };
  }

  /** The questions of some windows of a part: at these places of the batch, these targets of these users. */
  questions(
    part: number,
    chosen: Uint32Array,
    batch: Omit<Batch, "rows" | "at" | "users">,
    asked: Asked,
  ): Questions {
    const { sequences, windows } = this.at(part);
    return {
      batch: {
        ...batch,
        rows: batch.ids,
        users: this.#open.usersOf(part, Uint32Array.from(chosen, (window) => windows.users[window])),
        at: Int32Array.from(asked.at),
      },
      targets: Uint32Array.from(asked.targets),
      users: Uint32Array.from(asked.users),
      sequences,
    };
  }
}

/** What is asked for in a batch. */
interface Asked {
  /** Places in the batch. */
  at: number[];
  targets: number[];
  /** Within the part. */
  users: number[];
}

function eachExamples(dataset: SequenceDataset, { length }: ExampleOptions): Examples {
  // T items in, T items asked for: T + 1 rows, of which neighbours share one.
  const open = new OpenWindows(dataset, (sequences) => windowsOf(sequences, length + 1, 1, 2));
  return {
    pool: open.pool,
    questions(chosen, _number, part) {
      const { sequences, windows } = open.at(part);
      const size = chosen.length, ids = new Int32Array(length * size);
      const at: number[] = [], targets: number[] = [], users: number[] = [];
      chosen.forEach((window, b) => {
        const start = windows.starts[window], end = windows.ends[window];
        for (let row = start, t = length - (end - 1 - start); row < end - 1; row++, t++) {
          ids[t * size + b] = sequences.items[row];
          at.push(t * size + b);
          targets.push(sequences.items[row + 1]);
          users.push(windows.users[window]);
        }
      });
      return open.questions(part, chosen, { size, length, ids }, { at, targets, users });
    },
  };
}

function maskedExamples(dataset: SequenceDataset, { length, seed, hidden = 0.2 }: ExampleOptions): Examples {
  const random = new RandomStream(seed, "hidden items"), mask = dataset.items + 1;
  const open = new OpenWindows(dataset, (sequences) => windowsOf(sequences, length, 0, 2));
  return {
    pool: open.pool,
    questions(chosen, number, part) {
      const { sequences, windows } = open.at(part);
      const size = chosen.length, ids = new Int32Array(length * size);
      const at: number[] = [], targets: number[] = [], users: number[] = [];
      chosen.forEach((window, b) => {
        const start = windows.starts[window], end = windows.ends[window];
        random.seek(number, b);
        // One window in ten hides its last item only, as in scoring; each hides one at least.
        const lastOnly = random.float() < 0.1, sure = start + random.below(end - start);
        for (let row = start, t = length - (end - start); row < end; row++, t++) {
          const drawn = random.float() < hidden;
          const hide = lastOnly ? row === end - 1 : drawn || row === sure;
          ids[t * size + b] = hide ? mask : sequences.items[row];
          if (!hide) continue;
          at.push(t * size + b);
          targets.push(sequences.items[row]);
          users.push(windows.users[window]);
        }
      });
      return open.questions(part, chosen, { size, length, ids }, { at, targets, users });
    },
  };
}
