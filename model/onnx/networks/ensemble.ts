/**
 * Several networks of one method, `model/train/ensemble.ts`: their vectors are concatenated, so that the dot products
 * are the means of the networks' scores.
 *
 * @module
 */
import { networkPrefix } from "../../train/ensemble.ts";
import type { MethodConfig } from "../../train/method.ts";
import { add, concat, mul } from "../ops.ts";
import type { NetworkGraph } from "./network.ts";

/** Several networks, each with its own weights. */
export const ensemble =
  (one: NetworkGraph<MethodConfig>, networks: number): NetworkGraph<MethodConfig> =>
  (g, config, history, features) => {
    const all = Array.from(
      { length: networks },
      (_, network) => g.within(networkPrefix(network), () => one(g, config, history, features)),
    );
    const share = g.number(1 / networks), biases = all.flatMap(({ biases = [] }) => biases);
    return {
      histories: mul(g, concat(g, all.map(({ histories }) => histories), 1), share),
      items: concat(g, all.map(({ items }) => items), 1),
      ...(biases.length > 0 && { biases: mul(g, biases.reduce((a, b) => add(g, a, b)), share) }),
    };
  };
