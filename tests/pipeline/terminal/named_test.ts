import assert from "node:assert/strict";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { datasetFolder, runFolder } from "../../../pipeline/terminal/named.ts";

const EXAMPLE = "deno task inspect --dataset data/mine";

const refused = (says: string) => (error: unknown) => {
  assert(error instanceof InputError);
  assert.equal(error.message, says);
  return true;
};

Deno.test("a dataset is named by the option or by the command's word, and once", () => {
  assert.equal(datasetFolder([], { dataset: "data/mine" }, EXAMPLE), "data/mine");
  assert.equal(datasetFolder(["data/mine"], {}, EXAMPLE), "data/mine");
  assert.equal(datasetFolder(["data/mine"], { dataset: "data/mine" }, EXAMPLE), "data/mine");
  assert.throws(
    () => datasetFolder([], {}, EXAMPLE),
    refused(`Which dataset? Name its folder with --dataset DIR, as in ${EXAMPLE}`),
  );
  const two = refused(`Two datasets are named, a and b: name one, as in ${EXAMPLE}`);
  assert.throws(() => datasetFolder(["a"], { dataset: "b" }, EXAMPLE), two);
  assert.throws(() => datasetFolder(["a", "b"], {}, EXAMPLE), two);
});

Deno.test("a run is the command's word", () => {
  assert.equal(runFolder(["runs/mine"], "deno task evaluate runs/mine"), "runs/mine");
  assert.throws(
    () => runFolder([], "deno task evaluate runs/mine"),
    refused("Which run? Name its folder, as in deno task evaluate runs/mine"),
  );
  assert.throws(
    () => runFolder(["a", "b"], "deno task evaluate runs/mine"),
    refused("Two runs are named, a and b: name one, as in deno task evaluate runs/mine"),
  );
});
