/**
 * GRU4Rec, `model/methods/gru4rec.ts`.
 *
 * @module
 */
import { ITEM_TABLE } from "../../layers/embedding.ts";
import type { Config } from "../../methods/gru4rec.ts";
import { padded } from "../history.ts";
import { itemTables } from "../layers/item_tables.ts";
import { lastState, paddingBehind } from "../layers/recurrent.ts";
import { dense, gather } from "../ops.ts";
import type { NetworkGraph } from "./network.ts";

/** GRU4Rec. */
export const gru4rec: NetworkGraph<Config> = (g, config, history) => {
  const { length } = config, { ids, lengths } = paddingBehind(g, padded(g, history, length), length);
  const state = lastState(g, "gru", "gru", config, gather(g, g.weight(ITEM_TABLE), ids), lengths);
  return { histories: dense(g, state, "output.w", "output.b"), ...itemTables(g, config) };
};
