/**
 * What a method was trained on. To a method an item is a number, and in another dataset with equally many items the same number may be
 * another item: its scores would look plausible all the same.
 *
 * @module
 */
import type { Series } from "nodejs-polars";
import type { SequenceDataset } from "../pipeline/contract/dataset.ts";
import { InputError } from "../pipeline/contract/errors.ts";
import { HELD_OUT, type HeldOut } from "../pipeline/contract/stage.ts";

type Table = "items" | "users";

/** The dataset of a method, and the original ids of what it knows by numbers: the dataset's folder may hold something else by now. */
interface Origin {
  folder: string;
  hash: string;
  /** The parts that were held out of training. */
  heldOut: readonly HeldOut[];
  ids: readonly (readonly [Table, Series])[];
}

const ORIGINS = new WeakMap<object, Origin>();
/** Original ids, read once for each dataset. */
const IDS = { items: new WeakMap<SequenceDataset, Series>(), users: new WeakMap<SequenceDataset, Series>() };

/**
 * Remembers what a method was trained on, for as long as the method exists.
 *
 * @param knows The tables whose rows the method knows by numbers.
 * @param heldOut The parts that the method has not learnt from.
 */
export function trainedOn<M extends object>(
  method: M,
  dataset: SequenceDataset,
  knows: readonly Table[] = ["items"],
  heldOut: readonly HeldOut[] = dataset.heldOut,
): M {
  const { folder, manifest: { hash } } = dataset;
  const ids = knows.map((table) => [table, idsOf(dataset, table)] as const);
  ORIGINS.set(method, { folder, hash, heldOut, ids });
  return method;
}

/**
 * Remembers what a method made of others was trained on: whatever any of them has learnt, it has learnt.
 *
 * @throws {InputError} if the others were not trained on the same data.
 */
export function madeOf<M extends object>(method: M, others: readonly object[]): M {
  const [first, ...rest] = others.flatMap((other) => ORIGINS.get(other) ?? []);
  if (!first) return method;
  const other = rest.find(({ hash }) => hash !== first.hash);
  if (other) {
    throw new InputError(
      `Cannot take models together that were trained on different data, ${named(first)} and ${named(other)}`,
    );
  }
  const heldOut = first.heldOut.filter((part) => rest.every(({ heldOut }) => heldOut.includes(part)));
  ORIGINS.set(method, { ...first, heldOut });
  return method;
}

const named = ({ folder, hash }: Origin): string => `${folder} (${hash.slice(0, 8)})`;

/**
 * Says why a method does not belong to a dataset, as in `it was trained on data/mine (07f01e5a), which numbers other items`; undefined if
 * it does, or if what it was trained on is not known.
 *
 * @param items Number of items that the method knows.
 */
export function strangeTo(method: object, dataset: SequenceDataset, items?: number): string | undefined {
  if (items !== undefined && items !== dataset.items) {
    return `it was trained on ${items} items, the dataset has ${dataset.items}`;
  }
  const origin = ORIGINS.get(method);
  if (!origin || origin.hash === dataset.manifest.hash) return undefined;
  const other = origin.ids.find(([table, ids]) => !ids.seriesEqual(idsOf(dataset, table)));
  return other &&
    `it was trained on ${named(origin)}, which numbers other ${other[0]}`;
}

/** Returns the parts of a dataset that are held out by default but that a method has learnt from; none if that is not known. */
export function learntOf(method: object, { manifest: { hash } }: SequenceDataset): HeldOut[] {
  const origin = ORIGINS.get(method);
  return origin?.hash === hash ? HELD_OUT.filter((part) => !origin.heldOut.includes(part)) : [];
}

function idsOf(dataset: SequenceDataset, table: Table): Series {
  let ids = IDS[table].get(dataset);
  if (!ids) {
    ids = dataset.scan(table).select("id").collectSync().getColumn("id");
    IDS[table].set(dataset, ids);
  }
  return ids;
}
