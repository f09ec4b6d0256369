import assert from "node:assert/strict";
import { drawnUsers } from "../../../pipeline/filter/drawn_users.ts";

const USERS = ["ann", "ben", "cid", "dörte", "emil"];

Deno.test("known answer: users in the order of SHA-256 of seed and id, as other programs have it", () => {
  // Of "2023 cid" it begins with 7bd10e939b3a2, of "2023 dörte" with 994cec52ca5e9, of "2023 ben" with d8d04833d2dbf.
  assert.deepEqual(drawnUsers(USERS, 2, 2023), ["cid", "dörte"]);
  assert.deepEqual(drawnUsers(USERS, 2, 7), ["ann", "dörte"]);
});

Deno.test("more users have the fewer among them, and no order of the ids changes any", () => {
  const ids = Array.from({ length: 300 }, (_, i) => `u${i}`);
  for (let count = 1; count < 300; count += 17) {
    const drawn = drawnUsers(ids, count, 1);
    assert.equal(drawn.length, count);
    assert.deepEqual(drawn, ids.filter((id) => drawn.includes(id)), "in their order");
    const more = new Set(drawnUsers(ids.toReversed(), count + 5, 1));
    assert(drawn.every((id) => more.has(id)));
  }
  for (const count of [300, 301]) assert.deepEqual(drawnUsers(ids, count, 1), ids);
});
