import assert from "node:assert/strict";
import { Interrupted } from "../../../pipeline/contract/errors.ts";
import { cellMessage } from "../../../pipeline/notebook/wording.ts";

Deno.test("of what goes on it is said how", () => {
  const stopped = new Interrupted("Stopped while searching, epoch 2; α as it stands is kept");
  assert.equal(cellMessage(stopped), stopped.message);
  stopped.goesOn = "run the search again";
  assert.equal(cellMessage(stopped), `${stopped.message}; run the search again to resume`);
});
