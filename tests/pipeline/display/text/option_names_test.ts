import assert from "node:assert/strict";
import { InputError } from "../../../../pipeline/contract/errors.ts";
import {
  inCode,
  speakAsCommand,
  speakInCode,
  spoken,
} from "../../../../pipeline/display/text/option_names.ts";

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
      [
        "choose another folder with --out, or replace it with --overwrite",
        "choose another folder with out, or replace it with overwrite: true",
      ],
      ["unless --no-elimination is given", "unless elimination: false is given"],
      ["open with `--safe-cells`", "open with `safeCells`"],
      [
        "make one with deno task prepare --data FILE --out data/a; or take another",
        'make one with prepare({ data: "FILE", out: "data/a" }); or take another',
      ],
      [
        "Options --valid-from and --test-from go with --split global-time, not with ratio",
        'Options validFrom and testFrom go with split: "global-time", not with ratio',
      ],
      ["goes with --engine duckdb or --engine auto", 'goes with engine: "duckdb" or engine: "auto"'],
      [
        "(--histories FILE), or popular items (--on-unknown popular)",
        '(histories: [["ITEM", "ITEM"]]), or popular items (onUnknown: "popular")',
      ],
      ["Cannot use --format cvs: unknown format", 'Cannot use format: "cvs": unknown format'],
      ['looks right: --delimiter "\\t"', 'looks right: delimiter: "\\t"'],
      ['as in --spark "sc://host/;token=…"', 'as in spark: "sc://host/;token=…"'],
      ["with --spark sc://host:15002.", 'with spark: "sc://host:15002".'],
      ["within --memory 5MiB: give 64 MiB", 'within memory: "5MiB": give 64 MiB'],
      ["use more items, or --eval-negatives 0", "use more items, or evalNegatives: 0"],
      ["where --null-values 'NA,\\N' leaves rows out", 'where nullValues: ["NA", "\\\\N"] leaves rows out'],
      ["raise --min-user to 3, as --lengths 3,5", "raise minUser to 3, as lengths: [3, 5]"],
      ["needs --protocols strict and --short K", 'needs protocols: ["strict"] and short: "K"'],
      ["resume it with --resume", "resume it with resume: true"],
      ["or leave out --strict, which --resume alone needs", "or leave out strict, which resume alone needs"],
      ["give --data FILE alone", 'give data: "FILE" alone'],
      [
        "prepare({ minUser: 3 }) was deno task prepare --min-user 3",
        "prepare({ minUser: 3 }) was prepare({ minUser: 3 })",
      ],
      ["another folder, as in --out runs/f2-2", 'another folder, as in out: "runs/f2-2"'],
      ["as in --out 'my own run'; or", 'as in out: "my own run"; or'],
      [
        "go on with deno task pipeline runs/a --resume",
        'go on with automlp({ out: "runs/a", resume: true })',
      ],
      [
        "go on with deno task pipeline 'my run'\\''s' --resume; or",
        `go on with automlp({ out: "my run's", resume: true }); or`,
      ],
      [
        "make one with deno task pipeline --out 'my --own runs/a (1); b'",
        'make one with automlp({ out: "my --own runs/a (1); b" })',
      ],
      [
        "make one with deno task prepare --data FILE --out 'a b'; or take a user's, or what's there; lower --dim",
        `make one with prepare({ data: "FILE", out: "a b" }); or take a user's, or what's there; lower dim`,
      ],
      [
        "to resume: deno task pipeline runs/a --resume",
        'to resume: automlp({ out: "runs/a", resume: true })',
      ],
      ["to resume: deno task search runs/a --resume", "to resume: deno task search runs/a --resume"],
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
      "begin with deno task pipeline data/a --epochs 3",
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
