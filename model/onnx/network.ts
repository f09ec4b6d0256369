/**
 * A network as a graph: vectors of histories and of items, whose dot products are the scores, and an optional bias for each item.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { networkPrefix } from "../train/ensemble.ts";
import type { ModelParts, TrainedNetwork } from "../train/method.ts";
import { methodOf } from "../train/methods.ts";
import type { Graph, Value } from "./graph.ts";
import { GraphOps, GraphPass } from "./graph_ops.ts";
import { padded } from "./history.ts";
import { add, concat, mul, reshape, transpose } from "./ops.ts";

/** The outputs of a network. */
export interface Described {
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
 * @param history The input, [batch, length]: see `history.ts`.
 * @throws {InputError} if its scores depend on who the user is: a model is given only histories.
 */
export function networkGraph(
  g: Graph,
  { config, specs }: Pick<TrainedNetwork, "config" | "specs">,
  dataset: SequenceDataset,
  history: Value,
): Described {
  const { ensemble, ...one } = config, method = methodOf(one);
  if (specs.some(({ rows }) => rows === "users")) {
    throw new InputError(
      `Cannot write ${method.title} as ONNX: its scores depend on who the user is, and an exported model is given only histories; export one of another method`,
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
