import assert from "node:assert/strict";
import { InputError, Interrupted } from "../../../pipeline/contract/errors.ts";
import { cellMessage, inCells } from "../../../pipeline/notebook/wording.ts";

Deno.test("options are named as in code, pairs as an object", () => {
  for (
    const [said, shown] of [
      [
        "Cannot draw 100 strict negatives; lower --eval-negatives, or leave strict out of --protocols",
        "Cannot draw 100 strict negatives; lower evalNegatives, or leave strict out of protocols",
      ],
      [
        "no user column; say which are what with --columns user=…,item=sku; without it the rows count",
        'no user column; say which are what with columns: { user: "…", item: "sku" }; without it the rows count',
      ],
      ["as in --item-columns id=article_no", 'as in itemColumns: { id: "article_no" }'],
      [
        "choose another folder with --out, or replace it with --overwrite",
        "choose another folder with out, or replace it with overwrite",
      ],
    ]
  ) assert.equal(inCells(said), shown);
});

Deno.test("whole commands, dashes and names of things stay as they are", () => {
  for (
    const said of [
      "make one with deno task prepare --out data; or take another",
      "go on with deno task pipeline --out runs/a --resume",
      "a - b -- c --- d, x--y 1",
      "no such file: a--b.csv",
    ]
  ) assert.equal(inCells(said), said);
});

Deno.test("of what goes on when it is run again it is said", () => {
  const stopped = new Interrupted("Stopped while searching, epoch 2; α as it stands is kept");
  assert.equal(cellMessage(stopped), stopped.message);
  stopped.goesOn = "the search";
  assert.equal(cellMessage(stopped), `${stopped.message}; run the search again to go on`);
  assert.equal(cellMessage(new InputError("Name a file with --data")), "Name a file with data");
});
