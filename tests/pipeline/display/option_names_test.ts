import assert from "node:assert/strict";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { inCode, speakAsCommand, speakInCode, spoken } from "../../../pipeline/display/option_names.ts";

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
      ["unless --no-elimination is given", "unless elimination: false is given"],
      ["open with `--safe-cells`", "open with `safeCells`"],
      [
        "make one with deno task prepare --data FILE --out data/a; or take another",
        'make one with prepare({ data: "FILE", out: "data/a" }); or take another',
      ],
      [
        "go on with deno task pipeline --out runs/a --resume",
        'go on with automlp({ out: "runs/a", resume: true })',
      ],
    ]
  ) assert.equal(inCode(said), shown);
});

Deno.test("whole commands, dashes and names of things stay as they are", () => {
  for (
    const said of [
      "go on with deno task retrain runs/a --resume",
      "prepare it again by hand (deno task data --list)",
      "run deno with --allow-ffi=/x, or with --unstable-webgpu",
      "a - b -- c --- d, x--y 1",
      "no such file: a--b.csv",
    ]
  ) assert.equal(inCode(said), said);
});

Deno.test("the library speaks of options in code, a command as on its line, whatever it imports", () => {
  const said = () => [new InputError("Name a file with --data").message, spoken("raise --min-user")];
  speakInCode(); // as mod.ts does
  assert.deepEqual(said(), ["Name a file with data", "raise minUser"]);
  speakAsCommand();
  speakInCode();
  assert.deepEqual(said(), ["Name a file with --data", "raise --min-user"]);
});
