/**
 * Recommends the best items for users, in original ids.
 *
 * @module
 */
import {
  AN_OBJECT,
  checkCall,
  COUNT,
  either,
  listOf,
  NUMBER,
  oneOf,
  SWITCH,
  TEXT,
  TEXTS,
  type Wanted,
} from "../../pipeline/contract/options/arguments.ts";
import pl, { type Series } from "nodejs-polars";
import type { DataFrame } from "../../pipeline/contract/frame.ts";
import { availableMemory } from "../../pipeline/contract/machine/available_memory.ts";
import { DATASET, type SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { checkInterrupt, InputError } from "../../pipeline/contract/errors.ts";
import { checkKnown, type KnownOptions } from "../../pipeline/contract/options/known.ts";
import { formatSize } from "../../pipeline/contract/options/shapes.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { countOf } from "../../pipeline/display/text/units.ts";
import { ItemSet } from "../evaluate/item_set.ts";
import {
  adjusterFor,
  checkItems,
  historiesAtOnce,
  scoreChecked,
  ScoreRoom,
  sliceHistories,
} from "../evaluate/scores.ts";
import { TopK } from "../evaluate/topk.ts";
import { titleColumn } from "../titles.ts";
import { popularityScores } from "../popularity.ts";
import { allowedItems, ITEM_FILTER, type ItemFilter } from "./allowed.ts";
import { type GivenHistories, ON_UNKNOWN, type OnUnknown, readRequests } from "./requests.ts";
import { keepSeenOf, RECOMMENDER, type Recommender } from "../recommender.ts";
import { yieldWhereDue } from "../../pipeline/contract/machine/event_loop.ts";

/** Options of {@link recommend}. */
export interface RecommendOptions extends StageContext {
  /**
   * Original ids of one or more users; a user named twice gets one list. Default: all users of the dataset, or none if `histories` are
   * given. Users that were dropped for too few interactions are looked up in the files that the dataset was made from, if these are
   * unchanged (see `searchSources`). Their recommendations are based on what is in the files, with a warning.
   */
  users?: string | readonly string[];
  /**
   * Histories of new users: original ids of items, oldest first; an empty history gets popular items. In the result, the i-th history of a
   * list is called `#i`, from 1; one of a map or an object is called by its key.
   */
  histories?: GivenHistories;
  /** Number of items for each user. Default: 10. */
  k?: number;
  /** Whether to recommend items from the user's own history too. Default: as the method was trained (`keepSeen`), or no. */
  keepSeen?: boolean;
  /**
   * How much popularity counts, 0 … 1: (1 − `popularity`) · log q_j is subtracted from the score of item j, whose share
   * of the training part is q_j. 1 (the default) leaves scores unchanged. 0 ranks by how much likelier an item is for
   * this user than for users in general, which gives more personal and rarer items.
   */
  popularity?: number;
  /**
   * What to do with an id that is neither in the dataset nor in the files it was made from: throw an error (`error`, the default), or skip
   * it with a warning (`skip`). With `popular`, such a user is recommended what occurs most often in the training part, with a warning.
   */
  onUnknown?: OnUnknown;
  /**
   * Whether users who are not in the dataset are looked up in the files that it was made from. Each call with such a user reads these files
   * from beginning to end: a service that gets unknown ids turns it off. Default: true.
   */
  searchSources?: boolean;
  /** Original ids of one or more items that must not be recommended. */
  exclude?: string | readonly string[];
  /** Original ids of one or more items, the only ones that may be recommended. Default: all. */
  only?: string | readonly string[];
  /**
   * Recommend only items with these values in the columns of the items table: `{ category: "Tea" }`. Text is compared as it is written
   * there, numbers by value (2.5 is 2.50), and `true` and `false` as these words. Of a list, as in `{ category: ["Tea", "Cups"] }`, an item
   * must have one value; if a feature has several values per item, one of them must match.
   */
  filter?: ItemFilter;
  /** Number of histories that are scored at once. Default: up to 1024, fewer if there are many items or histories are long. */
  batchSize?: number;
}

/**
 * Returns the k items that the method scores highest for each user, given everything that the dataset knows about the user: the validation
 * and test interactions are part of the history. A user with an empty history is recommended popular items, by the logarithm of an item's
 * share of the training part, regardless of the method and `popularity`, with a warning.
 *
 * @returns One row per recommendation, by user, then rank: `user` (original id), `rank` (from 1), `item` (original id), `score` (adjusted
 * for popularity if `popularity` is less than 1), and `title` if the dataset's items have a column with that or a similar name (`name`,
 * `article_name`). A user for whom fewer than k items are left gets fewer rows; one warning says how many users are affected.
 * @throws {UnknownIdError} for users or items that do not exist, unless `onUnknown` says otherwise.
 * @throws {InputError} for a method that was trained on another dataset.
 * @throws {RunError} if a score is NaN.
 * @throws {Interrupted} if `signal` is aborted.
 * @example
 * ```ts
 * import { markov, prepare, recommend } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const method = await markov.fit(dataset, {});
 * const forUser = await recommend(method, dataset, { users: ["u0001"], k: 5 });
 * const [one, two] = forUser.getColumn("item").toArray() as string[];
 * console.log(forUser, await recommend(method, dataset, { histories: [[one, two]], k: 3 }));
 * ```
 */
export async function recommend(
  recommender: Recommender,
  dataset: SequenceDataset,
  options: RecommendOptions = {},
): Promise<DataFrame> {
  checkCall('recommend(model, dataset, { users: ["u1"] })', [recommender, RECOMMENDER], [dataset, DATASET], [
    options,
    AN_OBJECT,
  ]);
  const pieces: DataFrame[] = [];
  for await (const piece of inPieces(recommender, dataset, options, refuseTooMany)) pieces.push(piece);
  return joined(pieces);
}

/** Concatenates lists, at least one. */
export const joined = (pieces: DataFrame[]): DataFrame =>
  pieces.length === 1 ? pieces[0] : pl.concat(pieces, { how: "vertical", rechunk: false });

/**
 * Yields the result of {@link recommend} in pieces, at least one frame, so that memory need not hold all lists at once.
 *
 * @param check Called with the number of users and the number of items for each, before any list is made.
 */
export async function* inPieces(
  recommender: Recommender,
  dataset: SequenceDataset,
  options: RecommendOptions,
  check: (users: number, k: number) => void = () => {},
): AsyncGenerator<DataFrame, void> {
  checkKnown("recommend", options, OPTIONS);
  const { k = 10, popularity = 1 } = options, keepSeen = keepSeenOf(recommender, options);
  const { progress, signal } = contextOf(options);
  const size = options.batchSize ?? historiesAtOnce(dataset.items + 1, recommender.length);
  if (!(popularity >= 0 && popularity <= 1)) {
    throw new InputError(`Cannot recommend with popularity ${popularity}: give a number from 0 to 1`);
  }
  checkItems(recommender, dataset);
  const adjust = adjusterFor(dataset, 1 - popularity);
  const allowed = allowedItems(dataset, options);
  const { histories, names } = await readRequests(dataset, { ...options, progress, signal });
  const n = names.length;
  const lengths = new ListLengths(k);
  const topK = new TopK(Math.min(k, dataset.items)),
    itemSet = new ItemSet(dataset.items),
    room = new ScoreRoom();
  check(n, topK.k);
  const lists = new Lists(dataset, names, Math.min(n, Math.ceil(PIECE_ROWS / topK.k)) * topK.k);

  const task = progress.start(`recommending with ${recommender.name}`, n, "users");
  try {
    for (let start = 0; start < n; start += size) {
      await yieldWhereDue();
      checkInterrupt(signal, "recommending");
      const batch = sliceHistories(histories, start, Math.min(start + size, n));
      const scores = await scoreChecked(recommender, batch, undefined, room); // [batch × (items + 1)]
      adjust(scores);
      for (let i = 0; i < batch.starts.length; i++) {
        itemSet.clear();
        if (!keepSeen) { for (let j = batch.starts[i]; j < batch.ends[i]; j++) itemSet.add(batch.items[j]); }
        const row = scores.subarray(i * (dataset.items + 1), (i + 1) * (dataset.items + 1));
        if (batch.starts[i] === batch.ends[i]) row.set(popularityScores(dataset));
        if (allowed) {
          for (let item = 1; item < row.length; item++) if (!allowed[item]) row[item] = -Infinity;
        }
        const found = topK.select(row, itemSet);
        lengths.add(found);
        if (!lists.hasRoom(found)) yield lists.take();
        lists.add(start + i, topK, found);
      }
      task.advance(batch.starts.length);
    }
  } finally {
    task.end();
  }
  const note = lengths.note({ items: dataset.items, allowed, keepSeen });
  if (note !== undefined) progress.warn(note);
  yield lists.take();
}

/** Bytes of a recommendation in a frame: rank and score as numbers, user and item as views of their texts. */
const ROW_BYTES = 8 + 2 * 16;

/** @throws {InputError} if full lists for that many users do not fit into memory. */
export function refuseTooMany(users: number, k: number): void {
  const least = users * k * ROW_BYTES, { bytes, source } = availableMemory();
  if (least <= bytes) return;
  throw new InputError(
    `Cannot recommend ${countOf(k, "item")} to each of ${countOf(users, "user")}: it takes ${
      formatSize(least)
    } of memory at least, and ${source}; lower --k, or name fewer users with --users`,
  );
}

/** Ids are texts, even if the data have numbers. */
const idsOf = (whose: string): Wanted => ({ ...TEXTS, what: `a list of ${whose} ids, which are texts` });

const HISTORIES: Wanted = {
  ...listOf("histories", TEXTS.fits, TEXTS.state),
  what: "a list of histories, or one for each name, each a list of items' ids, which are texts",
};

/** Histories, named or not. */
function listsOf(value: unknown): unknown {
  if (value instanceof Map) return [...value.values()];
  return AN_OBJECT.fits(value) ? Object.values(value as object) : value;
}

const OPTIONS: KnownOptions<Omit<RecommendOptions, keyof StageContext>> = {
  users: either({ ...TEXT, what: "a user's id" }, idsOf("users'")),
  histories: { ...HISTORIES, fits: (value) => HISTORIES.fits(listsOf(value)), state: undefined },
  k: COUNT,
  keepSeen: SWITCH,
  popularity: NUMBER,
  onUnknown: oneOf(ON_UNKNOWN),
  searchSources: SWITCH,
  exclude: either({ ...TEXT, what: "an item's id" }, idsOf("items'")),
  only: either({ ...TEXT, what: "an item's id" }, idsOf("items'")),
  filter: ITEM_FILTER,
  batchSize: COUNT,
};

/** Collects lists by dense ids, one after the other, and turns them into frames with original ids. */
class Lists {
  readonly #users: Series;
  readonly #ids: Series;
  readonly #titles?: Series;
  readonly #requests: Uint32Array;
  readonly #ranks: Uint32Array;
  readonly #items: Uint32Array;
  readonly #scores: Float32Array;
  #filled = 0;

  /** @param rows Number of recommendations to allocate room for; at least a full list. */
  constructor(dataset: SequenceDataset, names: readonly string[], rows: number) {
    const items = dataset.table("items"), title = titleColumn(dataset);
    this.#users = pl.Series("user", names, pl.String);
    this.#ids = items.getColumn("id");
    if (title !== undefined) this.#titles = items.getColumn(title);
    this.#requests = new Uint32Array(rows);
    this.#ranks = new Uint32Array(rows);
    this.#items = new Uint32Array(rows);
    this.#scores = new Float32Array(rows);
  }

  hasRoom(found: number): boolean {
    return this.#filled + found <= this.#requests.length;
  }

  /** Adds the list of the user with that number, from 0. */
  add(request: number, { items, scores }: TopK, found: number): void {
    this.#items.set(items.subarray(0, found), this.#filled);
    this.#scores.set(scores.subarray(0, found), this.#filled);
    for (let rank = 1; rank <= found; rank++, this.#filled++) {
      this.#requests[this.#filled] = request;
      this.#ranks[this.#filled] = rank;
    }
  }

  /** Returns the lists collected so far, in original ids, and clears them. */
  take(): DataFrame {
    const filled = this.#filled;
    this.#filled = 0;
    // Gathered by index: a join would go through all items again for every list.
    const requests = Array.from(this.#requests.subarray(0, filled));
    const rows = Array.from(this.#items.subarray(0, filled), (item) => item - 1);
    return pl.DataFrame([
      this.#users.gather(requests),
      pl.Series("rank", this.#ranks.subarray(0, filled)),
      this.#ids.gather(rows).rename("item"),
      pl.Series("score", this.#scores.subarray(0, filled)),
      ...(this.#titles ? [this.#titles.gather(rows).rename("title")] : []),
    ]);
  }
}

/** Number of recommendations in a frame, or one list if that is longer. */
const PIECE_ROWS = 1 << 18;

/** Records the lengths of lists. */
class ListLengths {
  #lists = 0;
  #fewer = 0;
  #least = Infinity;
  #most = 0;

  /** @param k Number of items that each list should have. */
  constructor(readonly k: number) {}

  add(length: number): void {
    this.#lists++;
    if (length >= this.k) return;
    this.#fewer++;
    this.#least = Math.min(this.#least, length);
    this.#most = Math.max(this.#most, length);
  }

  /**
   * Returns the warning; undefined if all lists are as long as asked for.
   *
   * @param choice The items that lists were made from.
   */
  note(choice: { items: number; allowed?: Uint8Array; keepSeen: boolean }): string | undefined {
    if (this.#fewer === 0) return undefined;
    const lengths = this.#least === this.#most
      ? countOf(this.#most, "item")
      : `${this.#least} to ${countOf(this.#most, "item")}`;
    const whom = this.#lists === 1 ? "" : ` to ${this.#fewer} of ${this.#lists} users`;
    return `Recommended ${lengths} of the ${this.k} asked for${whom}: ${reasonOf(choice)}`;
  }
}

function reasonOf({ items, allowed, keepSeen }: Parameters<ListLengths["note"]>[0]): string {
  const there = allowed
    ? `${countOf(allowed.reduce((sum, one) => sum + one, 0), "item")} may be recommended`
    : `the dataset has ${countOf(items, "item")}`;
  return there + (keepSeen ? "" : ", and those of a user's history are left out");
}
