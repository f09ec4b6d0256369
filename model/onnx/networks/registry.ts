/**
 * The networks that can be written as ONNX, by the method's name.
 *
 * @module
 */
import { InputError } from "../../../pipeline/contract/errors.ts";
import type { MethodConfig } from "../../train/method.ts";
import { automlp } from "./automlp.ts";
import type { NetworkGraph } from "./network.ts";

const NETWORKS: Readonly<Record<string, NetworkGraph<never>>> = { automlp };

/**
 * The network of a configuration as a graph.
 *
 * @throws {InputError} if there is none of the method.
 */
export function networkGraph({ method }: MethodConfig): NetworkGraph<MethodConfig> {
  if (Object.hasOwn(NETWORKS, method)) return NETWORKS[method] as unknown as NetworkGraph<MethodConfig>;
  throw new InputError(
    `Cannot write ${method} as ONNX: its network is not described as a graph; those of ${
      Object.keys(NETWORKS).join(", ")
    } are`,
  );
}
