/**
 * Checks the output of a network before anything is computed from it, so that its author learns which shape is wrong, instead of reading an
 * engine's message about some later product.
 *
 * @module
 */
import type { Ids, Value } from "../ops/ops.ts";
import { TensorValue } from "../ops/tape.ts";
import type { Network } from "../train/network.ts";

/** Wraps a network so that it throws if a shape is not as {@link Network} says. @param title Name of the method in messages. */
export function checkedNetwork(title: string, network: Network): Network {
  const check = <V extends Value | undefined>(value: V, what: string, wanted: (number | string)[]): V => {
    const shape = value instanceof TensorValue ? value.shape : undefined; // a graph's shapes are not known
    if (
      !shape || shape.length === wanted.length && wanted.every((size, i) => size === shape[i] || size === "E")
    ) {
      return value;
    }
    throw new Error(
      `${title}'s network: ${what}() gave the shape [${shape.join(", ")}], expected [${wanted.join(", ")}]`,
    );
  };
  return {
    parameters: network.parameters,
    window: network.window,
    items: (pass, ids) => check(network.items(pass, ids), "items", [sizeOf(ids) + 1, "E"]),
    biases: (pass, ids) => check(network.biases?.(pass, ids), "biases", [sizeOf(ids) + 1]),
    encode: (pass, batch, items) =>
      check(network.encode(pass, batch, items), "encode", [sizeOf(batch.at), widthOf(items)]),
  };
}

/** The number of ids; −1 in a graph, where it is not known. */
const sizeOf = (ids: Ids): number => ArrayBuffer.isView(ids) ? ids.length : -1;
const widthOf = (items: Value): number => items instanceof TensorValue ? items.shape[1] : -1;
