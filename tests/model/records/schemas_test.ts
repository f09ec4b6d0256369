import assert from "node:assert/strict";
import { architectureSchema } from "../../../model/records/schemas.ts";
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
