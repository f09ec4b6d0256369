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
  /** [n] users of the targets. */
  users: Uint32Array;
}

/** Examples of one kind. */
export interface Examples {
  /** What an epoch goes through. */
  readonly all: Uint32Array;
  /** The questions of some of them; `number` counts the batches. */
  questions(chosen: Uint32Array, number: number): Questions;
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
  const sequences = dataset.sequences();
  return {
    all: dataset.targets("train"),
    questions(chosen) {
      const { items, starts, ends, users } = historiesBefore(sequences, chosen);
      const size = chosen.length, ids = new Int32Array(length * size);
      for (let b = 0; b < size; b++) {
        const start = Math.max(starts[b], ends[b] - length);
        for (let i = start, t = length - (ends[b] - start); i < ends[b]; i++, t++) {
          ids[t * size + b] = items[i];
        }
      }
      return {
        batch: { size, length, ids, rows: ids, users: users! },
        targets: Uint32Array.from(chosen, (row) => items[row]),
        users: users!,
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

function eachExamples(dataset: SequenceDataset, { length }: ExampleOptions): Examples {
  const sequences = dataset.sequences();
  // T items in, T items asked for: T + 1 rows, of which neighbours share one.
  const windows = windowsOf(sequences, length + 1, 1, 2);
  return {
    all: numbered(windows),
    questions(chosen) {
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
      return questionsOf({ size, length, ids, users: windows.users }, chosen, at, targets, users);
    },
  };
}

function maskedExamples(dataset: SequenceDataset, { length, seed, hidden = 0.2 }: ExampleOptions): Examples {
  const sequences = dataset.sequences(), random = new RandomStream(seed, "hidden items");
  const windows = windowsOf(sequences, length, 0, 2), mask = dataset.items + 1;
  return {
    all: numbered(windows),
    questions(chosen, number) {
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
      return questionsOf({ size, length, ids, users: windows.users }, chosen, at, targets, users);
    },
  };
}

function questionsOf(
  batch: Omit<Batch, "rows" | "at">,
  chosen: Uint32Array,
  at: number[],
  targets: number[],
  users: number[],
): Questions {
  return {
    batch: {
      ...batch,
      rows: batch.ids,
      users: Uint32Array.from(chosen, (window) => batch.users[window]),
      at: Int32Array.from(at),
    },
    targets: Uint32Array.from(targets),
    users: Uint32Array.from(users),
  };
}
