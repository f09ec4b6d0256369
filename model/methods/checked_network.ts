/**
 * Checks the output of a network before anything is computed from it, so that its author learns which shape is wrong, instead of reading an
 * engine's message about some later product.
 *
 * @module
 */
import type { Tensor } from "../backend/tensor.ts";
import type { Value } from "../ops/tape.ts";
import type { Network } from "../train/network.ts";

/** Wraps a network so that it throws if a shape is not as {@link Network} says. @param title Name of the method in messages. */
export function checkedNetwork(title: string, network: Network): Network {
  const check = <V extends Value<Tensor> | undefined>(
    value: V,
    what: string,
    wanted: (number | string)[],
  ): V => {
    const shape = value?.tensor.shape;
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
    items: (pass, ids) => check(network.items(pass, ids), "items", [ids.length + 1, "E"]),
    biases: (pass, ids) => check(network.biases?.(pass, ids), "biases", [ids.length + 1]),
    encode: (pass, batch, items) =>
      check(network.encode(pass, batch, items), "encode", [
        batch.at?.length ?? batch.size,
        items.tensor.shape[1],
      ]),
  };
}
