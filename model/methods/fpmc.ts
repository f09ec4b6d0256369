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
import { parametersOf, table } from "../layers/parameters.ts";
import type { Network } from "../train/network.ts";
import { causal, type Configured, neuralMethod, shapes } from "./neural.ts";

const { length, dim, dropout, seenBias } = shapes;
const shape = { length, dim, dropout, seenBias, ...causal };
type Config = Configured<typeof shape>;

function networkOf(users: number, { items: count, dim }: Config): Network {
  const userItem = table("users.items", "users", users + 1, dim); // V^{U,I}
  const itemUser = table("items.users", "items", count + 1, dim); // V^{I,U}
  const itemLast = table("items.last", "items", count + 1, dim); // V^{I,L}
  const lastItem = table("last.items", "items", count + 1, dim); // V^{L,I}
  return {
    parameters: parametersOf(userItem, itemUser, itemLast, lastItem),
    /** [V_i^{I,U}, V_i^{I,L}] */
    items: (pass, ids) => pass.ops.concat([pass.table(itemUser, ids), pass.table(itemLast, ids)]),
    /** [V_u^{U,I}, V_l^{L,I}] */
    encode(pass, { ids, users, at }) {
      const user = pass.rows(userItem, users), last = pass.rows(lastItem, pass.ops.take(ids, at));
      return pass.dropout(pass.ops.concat([user, last]));
    },
  };
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
  network: ({ users }, config) => networkOf(users, config),
});
