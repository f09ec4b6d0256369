/** `deno task export` of a dataset; that of a model is in tests/model/onnx. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { EXPORT_FORMATS } from "../../../pipeline/export/mod.ts";
import { inFolder, makeDataset, TOY } from "../../pipeline/export/dataset.ts";
import { filesBelow } from "../support.ts";
import { type Commands, commandsIn } from "./finished.ts";

/** The export formats of datasets, and that of models. */
const FORMATS = [...Object.keys(EXPORT_FORMATS), "onnx"];

/** A small dataset `data` in a folder. */
const withToy = (test: (dir: string, commands: Commands) => Promise<void>) =>
  inFolder(async (dir) => {
    const { folder } = await makeDataset(dir, TOY);
    Deno.renameSync(folder, join(dir, "data"));
    await test(dir, commandsIn(dir));
  });

Deno.test("export: writes the folder and says what is in it, as text, as one object, or not at all", () =>
  withToy(async (dir, { ran, refused }) => {
    const said = await ran("export data --to csv --out made"), names = filesBelow(join(dir, "made"));
    for (const name of ["README.md", "interactions.csv", "users.csv", "items.csv", "export.json"]) {
      assert(names.includes(name), `${name} in ${names}`);
    }
    assert(said.stdout.includes("interactions.csv") && said.stdout.includes("made"), said.stdout);
    assert.equal(said.stderr, "");

    const { stdout, stderr } = await ran("export data --to parquet --out object --json");
    assert.deepEqual([stderr, stdout.trimEnd().split("\n").length], ["", 1]);
    const { files } = JSON.parse(stdout) as { files: { path: string }[] };
    assert(files.length > 0);
    for (const { path } of files) assert(Deno.statSync(join(dir, "object", path)).isFile, path);

    // Options from a file, flags above it.
    Deno.writeTextFileSync(join(dir, "run.yaml"), "to: csv\nname: from-file\nout: quiet\n");
    const quiet = await ran("export data --config run.yaml --name from-flag --quiet");
    assert.deepEqual(quiet, { code: 0, stdout: "", stderr: "" });
    const { to, name } = JSON.parse(Deno.readTextFileSync(join(dir, "quiet", "export.json")));
    assert.deepEqual([to, name], ["csv", "from-flag"]);
    Deno.writeTextFileSync(join(dir, "run.yaml"), "to: pandas\n");
    await refused(
      "export data --config run.yaml --out x",
      /"?to"? .*choose one of recbole, .* \(pandas reads parquet\)/,
    );

    const help = (await ran("export --help")).stdout, [, formats] = help.split("\nFormats\n");
    assert.match(help, /\nUsage: deno task export \[DIR \| RUN\] \[options\]\n/);
    for (const format of FORMATS) assert.match(formats, new RegExp(`^  ${format} +\\S`, "m"));
  }));

Deno.test("export: a foreign folder is never overwritten; an earlier export is", () =>
  withToy(async (dir, { ran, refused }) => {
    Deno.mkdirSync(join(dir, "thesis"));
    Deno.writeTextFileSync(join(dir, "thesis", "chapter1.md"), "years of work");
    for (const more of ["", " --overwrite"]) {
      await refused(
        `export data --to csv --out thesis${more}`,
        /the folder holds files that automlp did not write \(chapter1\.md\)/,
      );
      assert.deepEqual(filesBelow(join(dir, "thesis")), ["chapter1.md"]);
    }
    for (const format of ["csv", "jsonl"]) await ran(`export data --to ${format} --out other`);
    const names = filesBelow(join(dir, "other"));
    assert(names.includes("interactions.jsonl") && !names.includes("interactions.csv"));
  }));

const REFUSED: [options: string, says: RegExp][] = [
  ["", /Which dataset\? Name its folder with --dataset DIR, as in deno task export --dataset/],
  ["data --out made", new RegExp(`Name the format with --to: ${FORMATS.join(", ")}`)],
  ["data --to csv", /Name the folder with --out DIR/],
  ["data --to recbol --out made", /--to takes .*, not "recbol" \(did you mean "recbole"\?\)/],
  ["data --to DuckDB --out made", /--to takes .*, not "DuckDB" \(DuckDB reads parquet\)/],
  ["data --to csv --compression rar --out made", /Cannot compress csv with "rar".*it takes none/],
  ["data --to csv --name ../x --out made", /Cannot name the export "\.\.\/x"/],
  ["data --to jsonl --max-length 0 --out made", /--max-length does not fit/],
  [". --to csv --out made", /Cannot open the dataset .*no manifest\.json/],
  ["data --to csv --out data --overwrite", /Cannot write the export .*: .*, which is read, is in it/],
  [
    "data --to csv --out data/manifest.json/x",
    /Cannot (export to|write the export) .*manifest\.json/,
  ],
  ["data --too csv --out made", /Unknown option --too \(did you mean --to\?\); see deno task export --help/],
];

Deno.test("export: wrong use ends with one line, and leaves nothing", () =>
  withToy(async (dir, { refused }) => {
    const before = filesBelow(dir);
    for (const [options, says] of REFUSED) await refused(`export ${options}`.trim(), says);
    assert.deepEqual(filesBelow(dir), before);
  }));
