import assert from "node:assert/strict";
import { jobOf } from "../../../model/experiment/method_options.ts";
import { jobSchema } from "../../../model/experiment/options.ts";
import { identityOf, jobOnRecord, lastingSchema, recorded } from "../../../model/experiment/recorded.ts";

const SASREC = jobOf("sasrec", { dim: 32, epochs: 9 });

Deno.test("the record of a method names its own options, each once, and none of AutoMLP's", () => {
  const config = recorded(SASREC), text = JSON.stringify(config);
  assert.equal(config.method, "sasrec");
  assert.equal(config.search, undefined);
  assert.equal(config.network.dim, 32);
  assert.equal(text.match(/"dim":/g)?.length, 1);
  assert.doesNotMatch(text, /alpha|candidates|identity|\\"/);
  assert.deepEqual(lastingSchema.parse(jobOnRecord(config)), { ...SASREC });
});

Deno.test("a run of another method stays the same run whatever AutoMLP's defaults come to be", () => {
  const later = { ...SASREC, alphaRate: 0.5, dim: 99, lengths: [7], search: "exhaustive" as const };
  assert.deepEqual(recorded(later), recorded(SASREC));
});

Deno.test("AutoMLP's record has its network, its search and its training, and is the job's options again", () => {
  const options = jobSchema.parse({ dim: 8, lengths: [3, 5], epochs: 2, budget: "1m" });
  const config = recorded(options), { budget: _, ...lasting } = options;
  assert.equal(config.network.dim, 8);
  assert.deepEqual(config.search!.lengths, [3, 5]);
  assert.deepEqual(lastingSchema.parse(jobOnRecord(config)), lasting);
});

Deno.test("what may be changed at a resume is no part of what a run is; epochs are where they make the rate", () => {
  const of = (schedule: "constant" | "cosine") =>
    identityOf({ dataset: { hash: "a" }, seed: 1, config: recorded(jobOf("sasrec", { schedule })) }).options;
  assert.deepEqual(["epochs", "patience", "ks"].map((key) => key in of("constant")), [false, false, false]);
  assert.deepEqual(["epochs", "patience", "ks"].map((key) => key in of("cosine")), [true, false, false]);
});
