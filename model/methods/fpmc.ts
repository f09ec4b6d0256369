/**
 * FPMC: how well an item suits the user, and how well it follows the last item.
 *
 * Source: Rendle, Freudenthaler and Schmidt-Thieme, "Factorizing personalized Markov chains for next-basket recommendation" (WWW 2010):
 * the score of item i for user u behind item l is ⟨V_u^{U,I}, V_i^{I,U}⟩ + ⟨V_i^{I,L}, V_l^{L,I}⟩, with baskets of one item here; the
 * third product, of user and last item, is the same for all items and left out as in the paper. An unseen user has the zero
 * vector, which leaves the Markov chain.
 *
 * The paper's loss is S-BPR (`bpr`). The default here is `sampled-softmax`, which ranks better (MovieLens-1M: bench/README.md). Dropout
 * replaces the paper's L2 regularisation, and Adam its stochastic gradient descent. RecBole's FPMC is also trained by BPR,
 * without regularisation.
 *
 * @module
 */
import type { Tensor2D } from "../backend/tensor.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import type { Value } from "../ops/tape.ts";
import { type Batch, type Network, newest } from "../train/network.ts";
import type { Pass } from "../train/pass.ts";
import { causal, type Configured, shapes } from "./config.ts";
import { neuralMethod } from "./neural.ts";

const { length, dim, dropout, seenBias } = shapes;
const shape = { length, dim, dropout, seenBias, ...causal };
type Config = Configured<typeof shape>;

/** Vectors are initially small, so that no item stands out. */
const DEVIATION = 0.02;

/** V^{U,I}, V^{I,U}, V^{I,L} and V^{L,I}. */
const TABLES = { ui: "users.items", iu: "items.users", il: "items.last", li: "last.items" };

class FpmcNetwork implements Network {
  readonly parameters: readonly ParameterSpec[];

  constructor(users: number, { items, dim }: Config) {
    const table = (name: string, rows: "items" | "users"): ParameterSpec => {
      const shape = [1 + (rows === "items" ? items : users), dim];
      return { name, shape, deviation: DEVIATION, rows };
    };
    this.parameters = [
      table(TABLES.ui, "users"),
      ...[TABLES.iu, TABLES.il, TABLES.li].map((name) => table(name, "items")),
    ];
  }

  /** [V_i^{I,U}, V_i^{I,L}] */
  items(pass: Pass, ids: Uint32Array): Value<Tensor2D> {
    return pass.ops.concat([pass.table(TABLES.iu, ids), pass.table(TABLES.il, ids)]);
  }

  /** [V_u^{U,I}, V_l^{L,I}] */
  encode(pass: Pass, batch: Batch): Value<Tensor2D> {
    const { ids, users, size, at = newest(batch) } = batch;
    const user = pass.rows(TABLES.ui, at.map((place) => users[place % size]));
    const last = pass.rows(TABLES.li, at.map((place) => ids[place]));
    return pass.dropout(pass.ops.concat([user, last]));
  }
}

/** FPMC (Rendle et al., WWW 2010). */
export const fpmc = neuralMethod({
  name: "fpmc",
  title: "FPMC",
  paper: "Rendle et al., WWW 2010",
  help: "factors of user and item, and of last and next item",
  shape,
  examples: ({ examples }) => examples,
  loss: "sampled-softmax",
  training: { batchSize: 128, rate: 5e-3 },
  network: ({ users }, config) => new FpmcNetwork(users, config),
});
