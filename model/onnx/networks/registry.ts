/**
 * The networks that are described as graphs, by their method's name. FPMC's is not among them: its scores depend on
 * who the user is, and a model is given only histories.
 *
 * @module
 */
import { InputError } from "../../../pipeline/contract/errors.ts";
import type { MethodConfig } from "../../train/method.ts";
import { methodOf } from "../../train/methods.ts";
import { automlp } from "./automlp.ts";
import { bert4rec } from "./bert4rec.ts";
import { ensemble } from "./ensemble.ts";
import { fdsa } from "./fdsa.ts";
import { gru4rec } from "./gru4rec.ts";
import { gru4recPlus } from "./gru4rec_plus.ts";
import { lstmLstm } from "./lstm_lstm.ts";
import type { NetworkGraph } from "./network.ts";
import { nextitnet } from "./nextitnet.ts";
import { sasrec } from "./sasrec.ts";

const NETWORKS: Readonly<Record<string, NetworkGraph<never>>> = {
  automlp,
  bert4rec,
  fdsa,
  gru4rec,
  "gru4rec-plus": gru4recPlus,
  "lstm-lstm": lstmLstm,
  nextitnet,
  sasrec,
};

/**
 * Returns the network of a configuration as a graph.
 *
 * @throws {InputError} if the method has none.
 */
export function networkGraph(config: MethodConfig): NetworkGraph<MethodConfig> {
  const { method, ensemble: networks } = config;
  if (Object.hasOwn(NETWORKS, method)) {
    const one = NETWORKS[method] as unknown as NetworkGraph<MethodConfig>;
    return networks === undefined ? one : ensemble(one, networks);
  }
  throw new InputError(
    `Cannot write ${methodOf(config).title} as ONNX: no graph describes its network; export a model of ${
      Object.keys(NETWORKS).join(", ")
    }`,
  );
}
