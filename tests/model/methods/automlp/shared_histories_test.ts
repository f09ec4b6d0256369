import assert from "node:assert/strict";
import { resolveNetwork } from "../../../../model/methods/automlp/config.ts";
import { unseenBetween } from "../../../../model/methods/automlp/config.ts";

Deno.test("short-term lengths that do not reach back to a shared history are remarked on", () => {
  const remark = (lengths: number[], sizes = {}) =>
    unseenBetween(resolveNetwork({ items: 9, lengths, targetsPerHistory: 8, ...sizes }));
  assert.match(
    remark([3, 5, 7, 20])!,
    /up to 7 items .* length of 3, 5 sees fewer: .*; take lengths of 7 or more, or /,
  );
  assert.equal(remark([7, 20]), undefined);
  assert.equal(remark([1], { targetsPerHistory: 1 }), undefined);
  // Without a long-term module nothing is shared.
  assert.equal(remark([1], { longLayers: 0 }), undefined);
});
