import assert from "node:assert/strict";
import { architectureSchema, metricsFileSchema } from "../../../model/records/schemas.ts";
import { profileSchema } from "../../../model/records/profile_schema.ts";
import { profile } from "../report/example.ts";
import { architecture } from "../runs/example.ts";

Deno.test("an architecture hangs together: its length is a candidate, and each candidate has its number", () => {
  const problem = (change: object) =>
    architectureSchema.safeParse({ ...architecture, ...change }).error?.issues[0].message;
  assert.equal(problem({}), undefined);
  assert.equal(problem({ alpha: [], probabilities: [] }), undefined, "nothing was weighed");
  assert.equal(problem({ shortTermLength: 4 }), "4 is none of the candidates");
  assert.equal(problem({ alpha: [1, 2] }), "has 2 numbers for 4 candidates");
  assert.match(problem({ shortTermLength: 1e9, candidates: [1e9] })!, /expected number to be <=1000000/);
  assert.match(problem({ candidates: [] })!, /Too small/);
});

Deno.test("metrics are those of validation and test: what a newer version says beside them is passed over", () => {
  const test = { full: { "HR@10": 0.5 } };
  const file = { dataset: { hash: "0123abcd", name: "shop" }, seed: 1, baselines: {}, test };
  const read = (more: object) => metricsFileSchema.safeParse({ ...file, ...more });
  assert.deepEqual(read({}).data!.model, { test });
  const newer = { wattHours: 3, weighed: { automlp: "0123" }, speed: { full: { "a second": 9 } } };
  assert.deepEqual(read(newer).data, read({}).data);
  const validation = { full: { "HR@10": null } };
  assert.deepEqual(read({ validation }).data!.model, { validation: { full: { "HR@10": NaN } }, test });
  assert.deepEqual(read({ test: { full: "0.5" } }).error?.issues[0].path, ["test", "full"]);
});

Deno.test("how data are distributed has what is drawn of it", () => {
  const { concentration, time: { firstDate: _, ...undated } } = profile;
  const problem = (change: object) =>
    profileSchema.safeParse({ ...profile, ...change }).error?.issues[0].message;
  assert.equal(problem({}), undefined);
  assert.equal(problem({ time: undated, overTime: undefined }), undefined, "an order is no time");
  assert.equal(problem({ time: undated }), "no first and last date of what is over time");
  const top = concentration.top.slice(0, 1);
  assert.match(problem({ concentration: { ...concentration, top } })!, /Too small/);
});
