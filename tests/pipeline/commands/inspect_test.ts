import assert from "node:assert/strict";
import { join } from "node:path";
import { task } from "../../command.ts";
import { inProcess } from "../../in_process.ts";
import { withExample } from "../inspect/example.ts";
import { withFolder } from "../../folders.ts";
import { assertRefused } from "./refused.ts";

Deno.test("inspect: tables on stdout, the folder untouched", () =>
  withExample(async ({ folder }) => {
    const before = namesIn(folder);
    const { code, stdout, stderr } = await task("inspect", [folder]);
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "");
    assert.match(stdout, /^Dataset /);
    for (const line of [/^users +3$/m, /^interactions +12$/m, /^validation +3 /m, /^genres +multi /m]) {
      assert.match(stdout, line);
    }
    assert.deepEqual(namesIn(folder), before);
  }));

Deno.test("inspect: --json is one object with the same figures, and nothing else", () =>
  withExample(async ({ folder }) => {
    const { code, stdout, stderr } = await inProcess("inspect", [folder, "--json"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(stdout.trimEnd().split("\n").length, 1);
    const facts = JSON.parse(stdout);
    assert.equal(facts.counts.users, 3);
    assert.equal(facts.density, 11 / 15);
    assert.deepEqual(facts.parts.map(({ split }: { split: string }) => split), [
      "train",
      "validation",
      "test",
    ]);
    assert.equal("report" in facts, false);
  }));

Deno.test("inspect: --html writes a report beside the tables, or where --out says", () =>
  withExample(async ({ folder }) => {
    const { code, stdout, stderr } = await inProcess("inspect", [folder, "--html"]);
    assert.equal(code, 0, stderr);
    const report = join(folder, "report.html");
    assert.match(stdout, new RegExp(`\nReport: ${report.replaceAll(".", "\\.")}\n$`));
    assert.match(Deno.readTextFileSync(report), /^<!doctype html>[\s\S]*<svg[\s\S]*<\/html>\s*$/i);

    await withFolder(async (dir) => {
      const out = join(dir, "named.html");
      const other = await inProcess("inspect", [folder, "--html", "--out", out, "--json"]);
      assert.equal(JSON.parse(other.stdout).report, out);
      assert.deepEqual(namesIn(dir), ["named.html"]);
      assert.equal(Deno.readTextFileSync(out), Deno.readTextFileSync(report));
    });
  }));

Deno.test("inspect: a report in the dataset's folder does not hurt the dataset", () =>
  withExample(async ({ folder }) => {
    await inProcess("inspect", [folder, "--html"]);
    const { code, stdout, stderr } = await inProcess("inspect", [folder, "--quiet"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /interactions/); // what was asked for is shown, however quiet
  }));

Deno.test("inspect: wrong use ends with one line and exit code 2", async (t) => {
  const cases: Record<string, { args: (dir: string) => string[]; says: RegExp }> = {
    "no folder named": {
      args: () => [],
      says:
        /^error: Which dataset\? Name its folder with --dataset DIR, as in deno task inspect --dataset data\/mine$/,
    },
    "two folders named": { args: () => ["a", "b"], says: /Two datasets are named, a and b: name one/ },
    "a folder that is not there": {
      args: (dir) => [join(dir, "nowhere")],
      says: /Cannot open the dataset .*nowhere: there is no such folder; make one with deno task prepare/,
    },
    "a folder that is no dataset": { args: (dir) => [dir], says: /no manifest\.json/ },
    "a manifest of another program": {
      args: (dir) => {
        Deno.writeTextFileSync(join(dir, "manifest.json"), '{"name": "a web app"}');
        return [dir];
      },
      says: /manifest\.json: it is not a dataset's manifest/,
    },
    "a manifest that is a folder": {
      args: (dir) => {
        Deno.mkdirSync(join(dir, "manifest.json"));
        return [dir];
      },
      says: /Cannot read .*manifest\.json: it is a folder; give a file/,
    },
    "a folder under a file": {
      args: (dir) => {
        Deno.writeTextFileSync(join(dir, "file"), "");
        return [join(dir, "file", "x")];
      },
      says: /there is no such folder/,
    },
    "an unknown option": { args: (dir) => [dir, "--htm"], says: /--htm \(did you mean --html\?\)/ },
    "--overwrite of nothing": {
      args: (dir) => [dir, "--html", "--overwrite"],
      says: /--overwrite goes with --out/,
    },
    "--out without --html": { args: (dir) => [dir, "--out", "x.html"], says: /--out goes with --html/ },
  };
  for (const [name, { args, says }] of Object.entries(cases)) {
    await t.step(
      name,
      () => withFolder(async (dir) => assertRefused(await inProcess("inspect", args(dir)), says)),
    );
  }
});

Deno.test("inspect: a table cut short, a report that cannot be written", () =>
  withExample(async ({ folder }) => {
    const out = join(folder, "no", "such", "folder.html");
    assertRefused(
      await inProcess("inspect", [folder, "--html", "--out", out]),
      /Cannot write the report .*folder\.html/,
    );
    Deno.truncateSync(join(folder, "items.parquet"), 10);
    assertRefused(
      await inProcess("inspect", [folder]),
      /items\.parquet has 10 bytes, the manifest says \d+; prepare/,
    );
  }));

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
