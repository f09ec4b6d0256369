import assert from "node:assert/strict";
import { leftOutWords } from "../../../../pipeline/contract/dataset/left_out.ts";

Deno.test("who was left out for having too few interactions, or too many, or nobody", () => {
  assert.equal(leftOutWords({ minUser: 10 }), "users with fewer than 10 interactions were left out of it");
  assert.equal(
    leftOutWords({ minUser: 10, maxUser: 500 }),
    "users with fewer than 10 or more than 500 interactions were left out of it",
  );
  assert.equal(
    leftOutWords({ minUser: 1, maxUser: 9 }),
    "users with more than 9 interactions were left out of it",
  );
  assert.deepEqual([leftOutWords({ minUser: 0 }), leftOutWords({})], [undefined, undefined]);
});
