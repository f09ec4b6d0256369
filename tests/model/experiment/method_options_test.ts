import assert from "node:assert/strict";
import { checkSizes, describedMethod, jobOf, knownOf } from "../../../model/experiment/method_options.ts";

Deno.test("a method's sizes and options in one list make a job; what is left out is the method's default", () => {
  const { method, sizes, rate, loss, batchSize, epochs } = jobOf("fpmc", { dim: 8, epochs: 2 });
  // Length, dropout, the bias of seen items and the size of a step depend on the data.
  assert.deepEqual({ method, sizes, rate, loss, batchSize, epochs }, {
    method: "fpmc",
    sizes: { dim: 8, examples: "each" },
    rate: 5e-3,
    loss: "sampled-softmax",
    batchSize: undefined,
    epochs: 2,
  });
  assert.equal(jobOf("fpmc", { rate: 0.1 }).rate, 0.1);
  const automlp = jobOf("automlp", { dim: 8, lengths: 3 });
  assert.deepEqual([automlp.dim, automlp.lengths, automlp.batchSize, automlp.sizes], [
    8,
    [3],
    undefined,
    {},
  ]);
});

Deno.test("an option that a method has not, or that contradicts another, is refused", () => {
  const refused = (method: string, given: Record<string, unknown>, message: RegExp) =>
    assert.throws(() => jobOf(method, given), { name: "InputError", message });
  refused("sasrec", { dims: 8 }, /^Unknown option "dims" \(did you mean "dim"\?\)$/);
  refused("sasrec", { lengths: [3] }, /^Unknown option "lengths"/);
  refused("sasrec", { trainNegatives: 0 }, /^Option trainNegatives does not fit: /);
  refused("automlp", { heads: 2 }, /^Unknown option "heads"/);
  refused("automlp", { short: 3 }, /--short goes with --search none/);
  refused("sasrek", {}, /there is no such method \(did you mean "sasrec"\?\); there are automlp, bert4rec, /);
  refused("markov", {}, /^Cannot train "markov": it is a baseline; every evaluation has the baselines /);
});

Deno.test("sizes that do not go together are refused before any data are looked at", () => {
  const refused = (method: string, given: Record<string, unknown>, message: RegExp) =>
    assert.throws(() => checkSizes(jobOf(method, given)), { name: "InputError", message });
  refused("sasrec", { dim: 8, heads: 3 }, /^Cannot build SASRec: 3 heads cannot share 8 numbers evenly; /);
  refused("bert4rec", { dim: 5 }, /^Cannot build BERT4Rec: 2 heads cannot share 5 numbers evenly; /);
  refused("bert4rec", { length: 1 }, /^Cannot build BERT4Rec: .* --length 1 leaves none; give 2 or more$/);
  for (const method of ["bert4rec", "gru4rec", "automlp"]) checkSizes(jobOf(method, { dim: 6 }));
});

Deno.test("of what was asked of AutoMLP, another method takes what it has too", () => {
  const given = { dim: 8, layers: 1, longLayers: 0, lengths: [3], epochs: 2, seed: 1, data: "log.csv" };
  assert.deepEqual(knownOf(describedMethod("gru4rec"), given), { dim: 8, layers: 1, epochs: 2 });
  assert.deepEqual(knownOf(describedMethod("fpmc"), given), { dim: 8, epochs: 2 });
});
