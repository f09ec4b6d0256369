/**
 * A trained network as an ONNX model: histories in, scores and the best items out.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { VERSION } from "../../pipeline/contract/version_number.ts";
import { formatBytes } from "../../pipeline/display/text/units.ts";
import { numbersIn } from "../backend/tensor.ts";
import { shapeProblem } from "../layers/expected.ts";
import { logPopularity, popularityScores, trainingCounts } from "../popularity.ts";
import { strangeTo } from "../trained_on.ts";
import { networkPrefix } from "../train/ensemble.ts";
import type { ModelParts, TrainedNetwork } from "../train/method.ts";
import { methodOf } from "../train/methods.ts";
import { Graph, TYPES, type Value } from "./graph.ts";
import { add, concat, GraphOps, GraphPass, mul, newest, reshape, transpose } from "./graph_ops.ts";

/** Options of `recommend` that become part of a model. */
export interface ModelOptions {
  /** How much popularity counts, 0 … 1; see `recommend`. Default: 1. */
  popularity?: number;
  /** Whether the best items may include items of the history. Default: false. */
  keepSeen?: boolean;
}

/** Maximum size of a protobuf message. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * Returns the model's file, in pieces. Its inputs are `items`, int64 [batch, length]: dense ids, oldest first, 0 in
 * front of short histories; and `k`, int64 [1]. Its outputs are `scores`, float [batch, items + 1], whose column 0 is
 * −∞, and which are log popularity for a history that is only padding; `top_items`, int64 [batch, k], the best first;
 * `top_scores`, float [batch, k], −∞ if fewer than k items are left; and, for a nearest-neighbour index by inner
 * product, `history_vectors`, float [batch, E], `item_vectors`, float [items + 1, E], and `item_biases`, float [items
 * + 1]: dot product plus bias is the score of an item that is not in the history.
 *
 * @throws {InputError} if no graph describes the method's network, it was trained on another dataset, popularity is
 * not between 0 and 1, or the file would be too large.
 */
export function onnxModel(
  model: TrainedNetwork,
  dataset: SequenceDataset,
  { popularity = 1, keepSeen = false }: ModelOptions = {},
): Uint8Array[] {
  if (!(popularity >= 0 && popularity <= 1)) {
    throw new InputError(`Cannot export with popularity ${popularity}: give a number from 0 to 1`);
  }
  checkDataset(model, dataset);
  const { config, specs } = model;
  refuseLarge(4 * numbersIn(specs));
  const values = model.values();
  const g = new Graph(new Map(specs.map(({ name, shape }) => [name, { shape, values: values.get(name)! }])));
  const { items: count } = dataset, items = historyInput(g, count);
  const { histories, items: vectors, biases } = networkGraph(g, model, dataset, items);
  const constant = g.constant(addedToScores(dataset, popularity)),
    added = biases ? add(g, biases, constant) : constant;
  const given = g.apply("Gemm", [histories, vectors, added], { transB: 1 });
  const scores = popularWhereEmpty(g, seenBiased(g, given, items, config.seenBias), items, dataset);
  g.output("scores", scores, "float", ["batch", count + 1]);
  best(g, keepSeen ? scores : withoutSeen(g, scores, items), count);
  g.output("history_vectors", histories, "float", ["batch", "size"]);
  g.output("item_vectors", vectors, "float", [count + 1, "size"]);
  g.output("item_biases", added, "float", [count + 1]);
  const pieces = g.model({ method: config.method, dataset: dataset.manifest.hash }, ["automlp", VERSION]);
  refuseLarge(pieces.reduce((sum, { length }) => sum + length, 0));
  return pieces;
}

/** @throws {InputError} if the model was trained on a dataset with other items or features. */
function checkDataset(model: TrainedNetwork, dataset: SequenceDataset): void {
  const { config, specs } = model,
    { items } = config as unknown as { items: number },
    method = methodOf(config);
  const problem = strangeTo(model, dataset, items) ?? shapeProblem(
    method.parameters(dataset, config),
    new Map(specs.map(({ name, shape }) => [name, shape])),
  );
  if (problem === undefined) return;
  throw new InputError(
    `Cannot write ${method.title} as ONNX with ${dataset.folder}: ${problem}; use the dataset that it was trained on`,
  );
}

/** @throws {InputError} if a file cannot hold this many bytes. */
function refuseLarge(bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  throw new InputError(
    `Cannot write the model as ONNX: it takes ${formatBytes(bytes)}, and a file holds ${
      formatBytes(MOST_BYTES)
    }; train it with a lower --dim`,
  );
}

/** Values added to the network's scores: −∞ for the padding, and −(1 − popularity) · log q, [items + 1]. */
function addedToScores(dataset: SequenceDataset, popularity: number): Float32Array {
  const added = popularity === 1
    ? new Float32Array(dataset.items + 1)
    : logPopularity(trainingCounts(dataset)).map((logShare) => (popularity - 1) * logShare);
  added[0] = -Infinity;
  return added;
}

/** The scores plus the bias of the items in the histories, each item once. */
function seenBiased(g: Graph, scores: Value, items: Value, bias = 0): Value {
  if (bias === 0) return scores;
  const zeros = g.apply("Expand", [g.number(0), g.apply("Shape", [scores])]);
  return add(g, scores, atItems(g, zeros, items, bias));
}

/** The scores, replaced by popularity if a history is only padding, as in `recommend`. */
function popularWhereEmpty(g: Graph, scores: Value, items: Value, dataset: SequenceDataset): Value {
  // Padding is in front, so the newest place tells; even without any places, there is one after padding.
  const known = g.apply("Cast", [padded(g, items, 1)], { to: TYPES.bool }); // [batch, 1]
  return g.apply("Where", [known, scores, g.constant(popularityScores(dataset))]);
}

/** The scores with −∞ for the items that the model was given, including those beyond the newest T. */
function withoutSeen(g: Graph, scores: Value, items: Value): Value {
  return atItems(g, scores, items, -Infinity);
}

/** Numbers by history and item, with `value` in place of those of the items that the model was given. */
function atItems(g: Graph, numbers: Value, items: Value, value: number): Value {
  const values = g.apply("Expand", [g.number(value), g.apply("Shape", [items])]);
  return g.apply("ScatterElements", [numbers, items, values], { axis: 1 });
}

/** Adds the input `k` and the outputs that depend on it. Of equal scores, the lower id comes first. */
function best(g: Graph, scores: Value, count: number): void {
  const k = g.apply("Min", [g.input("k", "int64", [1]), g.whole(count)]);
  const [top, places] = g.applyTo(2, "TopK", [scores, k], { axis: 1 });
  g.output("top_items", places, "int64", ["batch", "k"]);
  g.output("top_scores", top, "float", ["batch", "k"]);
}

/**
 * Adds the input: dense item ids, oldest first, 0 in front of short histories; one or more histories, of any length.
 *
 * @param count Number of items.
 */
function historyInput(g: Graph, count: number): Value {
  const items = g.input("items", "int64", ["batch", "length"]);
  // Negative numbers, which lookups return for unknown items, would count a table's rows from its end. A number
  // beyond the last row is an error.
  return g.apply("Where", [g.apply("Less", [items, g.whole(0)]), g.whole(count + 1), items]);
}

/** The newest `length` items of each history, [batch, length], with 0 in front of short ones. */
function padded(g: Graph, items: Value, length: number): Value {
  const batch = g.apply("Shape", [items], { end: 1 });
  const zeros = g.apply("Expand", [g.whole(0), concat(g, [batch, g.whole(length)], 0)]);
  return newest(g, concat(g, [zeros, items], 1), length);
}

/** The outputs of a network. */
interface Described {
  /** Vectors of the histories, [batch, E]. */
  histories: Value;
  /** Vectors of the items, [items + 1, E]. */
  items: Value;
  /** Biases added to the scores, [items + 1]. */
  biases?: Value;
}

/**
 * Adds a trained network to a graph.
 *
 * @param history The input, [batch, length]: see `historyInput`.
 * @throws {InputError} if its scores depend on who the user is: a model is given only histories.
 */
function networkGraph(
  g: Graph,
  { config, specs }: Pick<TrainedNetwork, "config" | "specs">,
  dataset: SequenceDataset,
  history: Value,
): Described {
  const { ensemble, ...one } = config, method = methodOf(one);
  if (specs.some(({ rows }) => rows === "users")) {
    throw new InputError(
      `Cannot write ${method.title} as ONNX: its scores depend on who the user is, and an exported model is given only histories; one of another method`,
    );
  }
  const describe = () => described(g, method.parts(dataset, one), history);
  if (ensemble === undefined) return describe();
  const networks = Array.from(
    { length: ensemble },
    (_, network) => g.within(networkPrefix(network), describe),
  );
  return averaged(g, networks);
}

/** The network, on the newest items of each history, followed by the hidden item if it fills one in. */
function described(
  g: Graph,
  { network, items: count, length, hidesNext }: ModelParts,
  history: Value,
): Described {
  const ops = new GraphOps(g, count), pass = new GraphPass(ops);
  const inTime = (ids: Value) => reshape(g, transpose(g, ids, 1, 0), -1); // [T · B]
  const known = padded(g, history, hidesNext ? length - 1 : length);
  /** The known items, and behind them another number in each history. */
  const followed = (id: number) => {
    const places = concat(g, [g.apply("Shape", [history], { end: 1 }), g.whole(1)], 0);
    return inTime(concat(g, [known, g.apply("Expand", [g.whole(id), places])], 1));
  };
  const ids = hidesNext ? followed(count + 1) : inTime(known), rows = hidesNext ? followed(0) : ids;
  const all = g.range(count + 1), items = network.items(pass, all) as Value;
  const batch = { length, ids, rows, at: ops.newest(ids, length, 1), users: ids };
  const compared = (vectors: Value) => network.compared?.(pass, vectors) as Value | undefined ?? vectors;
  return {
    histories: compared(network.encode(pass, batch, items) as Value),
    items: compared(items),
    biases: network.biases?.(pass, all) as Value | undefined,
  };
}

/** Several networks: their vectors are concatenated, so that the dot products are the means of the networks' scores. */
function averaged(g: Graph, networks: readonly Described[]): Described {
  const share = g.number(1 / networks.length), biases = networks.flatMap(({ biases }) => biases ?? []);
  return {
    histories: mul(g, concat(g, networks.map(({ histories }) => histories), 1), share),
    items: concat(g, networks.map(({ items }) => items), 1),
    ...(biases.length > 0 && { biases: mul(g, biases.reduce((a, b) => add(g, a, b)), share) }),
  };
}
