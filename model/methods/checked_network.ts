/**
 * What a network gives is looked at before anything is computed of it: who writes one reads which of its shapes is wrong, and not what an
 * engine says of some product later on.
 *
 * @module
 */
import type { Tensor } from "../backend/tensor.ts";
import type { Value } from "../ops/tape.ts";
import type { Network } from "../train/network.ts";

/**
 * The same network, which throws where a shape is not as {@link Network} says.
 *
 * @param title As in messages.
 */
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
