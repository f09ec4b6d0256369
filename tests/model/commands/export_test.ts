import assert from "node:assert/strict";
import { join } from "node:path";
import { EXPORT_FORMATS } from "../../../pipeline/export/mod.ts";
import { task } from "../../command.ts";
import { inFolder, makeDataset, TOY } from "../../pipeline/export/dataset.ts";
import { assertRefused } from "../../pipeline/commands/refused.ts";

/** The export formats of datasets, and that of models. */
const FORMATS = [...Object.keys(EXPORT_FORMATS), "onnx"];

/** A small dataset and a place beside it. */
const withToy = (test: (dataset: string, dir: string) => Promise<void>) =>
  inFolder(async (dir) => {
    const { folder } = await makeDataset(dir, TOY);
    await test(folder, dir);
  });

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("export: writes the folder and says what is in it", () =>
  withToy(async (dataset, dir) => {
    const out = join(dir, "made");
    const { code, stdout, stderr } = await task("export", [dataset, "--to", "csv", "--out", out]);
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "");
    const names = namesIn(out);
    for (const name of ["README.md", "interactions.csv", "users.csv", "items.csv", "export.json"]) {
      assert(names.includes(name), `${name} in ${names}`);
    }
    assert(stdout.includes("interactions.csv") && stdout.includes(out), stdout);
  }));

Deno.test("export: --json is one object that names the files, and nothing else", () =>
  withToy(async (dataset, dir) => {
    const out = join(dir, "made");
    const { code, stdout, stderr } = await task("export", [
      dataset,
      "--to",
      "parquet",
      "--out",
      out,
      "--json",
    ]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(stdout.trimEnd().split("\n").length, 1);
    const { files } = JSON.parse(stdout) as { files: { path: string; rows?: number }[] };
    assert(files.length > 0);
    for (const { path } of files) assert(Deno.statSync(join(out, path)).isFile, path);
  }));

Deno.test("export: --quiet says nothing; options from a file, flags above it", () =>
  withToy(async (dataset, dir) => {
    const config = join(dir, "run.yaml"), out = join(dir, "made");
    Deno.writeTextFileSync(config, `to: csv\nname: from-file\nout: ${JSON.stringify(out)}\n`);
    const args = [dataset, "--config", config, "--name", "from-flag", "--quiet"];
    assert.deepEqual(await task("export", args), { code: 0, stdout: "", stderr: "" });
    const { to, name } = JSON.parse(Deno.readTextFileSync(join(out, "export.json")));
    assert.deepEqual([to, name], ["csv", "from-flag"]);
    Deno.writeTextFileSync(config, "to: pandas\n");
    assertRefused(await task("export", args), /"?to"? .*choose one of recbole, .* \(pandas reads parquet\)/);
  }));

Deno.test("export: --help lists every format with what it is for", async () => {
  const { code, stdout, stderr } = await task("export", ["--help"]);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /\nUsage: deno task export \[DIR \| RUN\] \[options\]\n/);
  const [, formats] = stdout.split("\nFormats\n");
  for (const format of FORMATS) assert.match(formats, new RegExp(`^  ${format} +\\S`, "m"));
});

Deno.test("export: a foreign folder is never overwritten; an earlier export is", () =>
  withToy(async (dataset, dir) => {
    const out = join(dir, "thesis"), own = join(out, "chapter1.md");
    Deno.mkdirSync(out);
    Deno.writeTextFileSync(own, "years of work");
    const args = [dataset, "--to", "csv", "--out", out];
    for (const more of [[], ["--overwrite"]]) {
      assertRefused(
        await task("export", [...args, ...more]),
        /the folder holds files that automlp did not write \(chapter1\.md\)/,
      );
      assert.equal(Deno.readTextFileSync(own), "years of work");
      assert.deepEqual(namesIn(out), ["chapter1.md"]);
    }
    const other = join(dir, "other");
    assert.equal((await task("export", [dataset, "--to", "csv", "--out", other])).code, 0);
    assert.equal((await task("export", [dataset, "--to", "jsonl", "--out", other])).code, 0);
    assert(namesIn(other).includes("interactions.jsonl") && !namesIn(other).includes("interactions.csv"));
  }));

Deno.test("export: wrong use ends with one line and exit code 2, and leaves nothing", async (t) => {
  const cases: Record<string, { args: (dataset: string, out: string) => string[]; says: RegExp }> = {
    "no folder named": {
      args: () => [],
      says: /Which dataset\? Name its folder with --dataset DIR, as in deno task export --dataset/,
    },
    "no format named": {
      args: (dataset, out) => [dataset, "--out", out],
      says: new RegExp(`Name the format with --to: ${FORMATS.join(", ")}`),
    },
    "no place named": { args: (dataset) => [dataset, "--to", "csv"], says: /Name the folder with --out DIR/ },
    "a format that is not there": {
      args: (dataset, out) => [dataset, "--to", "recbol", "--out", out],
      says: /--to takes .*, not "recbol" \(did you mean "recbole"\?\)/,
    },
    "a tool for a format": {
      args: (dataset, out) => [dataset, "--to", "DuckDB", "--out", out],
      says: /--to takes .*, not "DuckDB" \(DuckDB reads parquet\)/,
    },
    "a compression that is not there": {
      args: (dataset, out) => [dataset, "--to", "csv", "--compression", "rar", "--out", out],
      says: /Cannot compress csv with "rar".*it takes none/,
    },
    "a name that is no file's": {
      args: (dataset, out) => [dataset, "--to", "csv", "--name", "../x", "--out", out],
      says: /Cannot name the export "\.\.\/x"/,
    },
    "a history of no items": {
      args: (dataset, out) => [dataset, "--to", "jsonl", "--max-length", "0", "--out", out],
      says: /--max-length does not fit/,
    },
    "a folder that is no dataset": {
      args: (dataset, out) => [join(dataset, ".."), "--to", "csv", "--out", out],
      says: /Cannot open the dataset .*no manifest\.json/,
    },
    "into the dataset": {
      args: (dataset) => [dataset, "--to", "csv", "--out", dataset, "--overwrite"],
      says: /Cannot write the export .*: .*, which is read, is in it/,
    },
    "under a file": {
      args: (dataset) => [dataset, "--to", "csv", "--out", join(dataset, "manifest.json", "x")],
      says: /Cannot (export to|write the export) .*manifest\.json/,
    },
    "an unknown option": {
      args: (dataset, out) => [dataset, "--too", "csv", "--out", out],
      says: /Unknown option --too \(did you mean --to\?\); see deno task export --help/,
    },
  };
  for (const [name, { args, says }] of Object.entries(cases)) {
    await t.step(name, () =>
      withToy(async (dataset, dir) => {
        const before = namesIn(dir), tables = namesIn(dataset);
        assertRefused(await task("export", args(dataset, join(dir, "made"))), says);
        assert.deepEqual([namesIn(dir), namesIn(dataset)], [before, tables], "nothing is left");
      }));
  }
});
