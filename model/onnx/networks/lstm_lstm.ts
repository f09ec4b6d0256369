/**
 * LSTM-LSTM, `model/methods/lstm_lstm.ts`.
 *
 * @module
 */
import { ITEM_TABLE } from "../../layers/embedding.ts";
import { EPSILON } from "../../layers/srsmlp.ts";
import type { Config } from "../../methods/lstm_lstm.ts";
import { padded } from "../history.ts";
import { lastState, paddingBehind } from "../layers/recurrent.ts";
import { concat, dense, gather, layerNorm } from "../ops.ts";
import type { NetworkGraph } from "./network.ts";

/** LSTM-LSTM. */
export const lstmLstm: NetworkGraph<Config> = (g, config, history) => {
  const { length, short, hidden } = config, items = g.weight(ITEM_TABLE);
  /** The state after the newest n items, [B, H]. */
  const stateOf = (name: string, n: number) => {
    const { ids, lengths } = paddingBehind(g, padded(g, history, n), n);
    return lastState(g, "lstm", name, config, gather(g, items, ids), lengths);
  };
  const joint = concat(g, [stateOf("short", short), stateOf("long", length)], 1);
  return { histories: dense(g, layerNorm(g, joint, 2 * hidden, EPSILON), "output.wo", "output.bo"), items };
};
