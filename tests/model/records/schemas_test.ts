import assert from "node:assert/strict";
import { architectureSchema, metricsFileSchema } from "../../../model/records/schemas.ts";
import { profileSchema } from "../../../model/records/profile_schema.ts";
import { profile } from "../report/example.ts";
import { architecture, metrics } from "../runs/example.ts";

Deno.test("an architecture hangs together: its length is a candidate, and each candidate has its number", () => {
  const problem = (change: object) =>
    architectureSchema.safeParse({ ...architecture, ...change }).error?.issues[0].message;
  assert.equal(problem({}), undefined);
  assert.equal(problem({ alpha: [], probabilities: [] }), undefined, "nothing was weighed");
  assert.equal(problem({ shortTermLength: 4 }), "4 is none of the candidates");
  assert.equal(problem({ alpha: [1, 2] }), "has 2 numbers for 4 candidates");
  assert.match(problem({ shortTermLength: 1e9, lengths: [1e9] })!, /expected number to be <=1000000/);
  assert.match(problem({ lengths: [] })!, /Too small/);
});

Deno.test("metrics are by method, the run's own among them", () => {
  const { AutoMLP: own } = metrics.methods;
  const read = (file: object) => metricsFileSchema.safeParse({ ...metrics, ...file });
  assert.deepEqual(read({}).data, metrics);
  const none = { metrics: { test: { full: { "HR@10": null } } } };
  assert.deepEqual(read({ methods: { AutoMLP: { ...own, ...none } } }).data!.methods.AutoMLP.metrics, {
    test: { full: { "HR@10": NaN } },
  });
  const wrong = { ...own, metrics: { test: { full: "0.5" } } };
  assert.deepEqual(read({ methods: { AutoMLP: wrong } }).error?.issues[0].path.slice(0, 2), [
    "methods",
    "AutoMLP",
  ]);
  assert.deepEqual(read({ method: "SASRec" }).error?.issues[0].path, ["method"]);
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
