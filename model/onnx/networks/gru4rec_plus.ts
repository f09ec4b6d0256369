/**
 * GRU4Rec+, `model/methods/gru4rec_plus.ts`.
 *
 * @module
 */
import { ITEM_TABLE } from "../../layers/embedding.ts";
import type { Config } from "../../methods/gru4rec_plus.ts";
import { padded } from "../history.ts";
import { featureTable } from "../layers/features.ts";
import { lastState, paddingBehind } from "../layers/recurrent.ts";
import { concat, dense, gather } from "../ops.ts";
import type { NetworkGraph } from "./network.ts";

/** GRU4Rec+. */
export const gru4recPlus: NetworkGraph<Config> = (g, config, history, features) => {
  const { length, items: count } = config, items = g.weight(ITEM_TABLE);
  const { ids, lengths } = paddingBehind(g, padded(g, history, length), length);
  const tables = {
    items,
    features: concat(g, features.map((each) => featureTable(g, each, count, "mean")), 1),
  };
  const states = (["items", "features"] as const).map((part) =>
    lastState(g, "gru", `${part}.gru`, config, gather(g, tables[part], ids), lengths)
  );
  return { histories: dense(g, concat(g, states, 1), "output.w", "output.b"), items };
};
